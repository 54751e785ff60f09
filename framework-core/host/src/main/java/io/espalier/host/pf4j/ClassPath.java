package io.espalier.host.pf4j;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What of a plug-in goes on its class path, in order. */
final class ClassPath {

    private ClassPath() {}

    static List<Path> of(Path content) {
        if (!Files.isDirectory(content)) {
            return List.of(content);
        }
        List<Path> entries = new ArrayList<>(folders(content));
        for (String lib : List.of("lib", "target/lib")) {
            entries.addAll(jars(content.resolve(lib)));
        }
        return entries;
    }

    /** The folders of classes among it. */
    static List<Path> folders(Path content) {
        return Stream.of("classes", "target/classes")
                .map(content::resolve)
                .filter(Files::isDirectory)
                .toList();
    }

    private static List<Path> jars(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().toLowerCase(Locale.ROOT).endsWith(".jar"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
