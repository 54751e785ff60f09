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
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Libraries that most commands can do without. They lie in folders below {@code lib} and not on the class path: opening
 * their jars would make every start slower. A command that needs some runs in a class loader that has them too.
 */
enum Libraries {
    KAFKA(List.of("events", "monitor"), List.of("--kafka", "--topic", "--config", "--from-search")),
    METRICS(List.of("monitor"), List.of("--metrics-", "--config", "--from-search"));

    private final List<String> commands;
    private final List<String> options;

    Libraries(List<String> commands, List<String> options) {
        this.commands = commands;
        this.options = options;
    }

    /** Those a command line speaks of; one that only seems to is merely started a little slower. */
    static List<Libraries> wanted(String[] arguments) {
        return Arrays.stream(values())
                .filter(library -> Arrays.stream(arguments).anyMatch(library::isMeantBy))
                .toList();
    }

    private boolean isMeantBy(String argument) {
        return commands.contains(argument) || options.stream().anyMatch(argument::startsWith);
    }

    /** A loader of the whole program and these libraries, beside and not below the one that runs now. */
    static ClassLoader loader(Path home, List<Libraries> libraries) {
        Path lib = home.resolve("lib");
        Stream<Path> folders =
                libraries.stream().map(each -> lib.resolve(each.name().toLowerCase(Locale.ROOT)));
        URL[] jars =
                Stream.concat(Stream.of(lib), folders).flatMap(Libraries::jars).toArray(URL[]::new);
        return new URLClassLoader("espalier-with-libraries", jars, ClassLoader.getPlatformClassLoader());
    }

    private static Stream<URL> jars(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files
                    .filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .map(Libraries::url)
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
