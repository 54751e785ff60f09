package io.espalier.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Kafka's client, which lies in {@code lib/kafka} and not on the class path: opening its jars would make every start
 * slower. A command that needs it runs in a class loader that has both folders.
 */
final class KafkaLibraries {

    private static final List<String> COMMANDS = List.of("events");
    private static final List<String> OPTIONS = List.of("--kafka", "--topic");

    private KafkaLibraries() {}

    /** Whether a command line speaks of Kafka; one that only seems to is merely started a little slower. */
    static boolean wanted(String[] arguments) {
        return Arrays.stream(arguments)
                .anyMatch(each -> COMMANDS.contains(each) || OPTIONS.stream().anyMatch(each::startsWith));
    }

    /** A loader of the whole program and Kafka's client, beside and not below the one that runs now. */
    static ClassLoader loader(Path home) {
        URL[] jars = Stream.of(home.resolve("lib"), home.resolve("lib").resolve("kafka"))
                .flatMap(KafkaLibraries::jars)
                .toArray(URL[]::new);
        return new URLClassLoader("espalier-with-kafka", jars, ClassLoader.getPlatformClassLoader());
    }

    private static Stream<URL> jars(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files
                    .filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .map(KafkaLibraries::url)
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException("the libraries in " + folder + " cannot be read", e);
        }
    }

    private static URL url(Path file) {
        try {
            return file.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }
}
