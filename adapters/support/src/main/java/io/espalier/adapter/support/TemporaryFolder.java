package io.espalier.adapter.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A folder for files that native libraries read, removed with what lies in it when it is closed. */
public record TemporaryFolder(Path path) implements AutoCloseable {

    public static TemporaryFolder create() {
        try {
            return new TemporaryFolder(Files.createTempDirectory("espalier-"));
        } catch (IOException e) {
            throw new UncheckedIOException("no temporary folder can be made", e);
        }
    }

    /** The place of a file in this folder. */
    public Path file(String name) {
        return path.resolve(name);
    }

    @Override
    public void close() {
        try (Stream<Path> listed = Files.list(path)) {
            List<Path> files = listed.toList();
            files.forEach(TemporaryFolder::remove);
        } catch (IOException e) {
            throw new UncheckedIOException("the temporary folder " + path + " cannot be read", e);
        }
        remove(path);
    }

    /** Where a file that is mapped into memory cannot be removed, the end of the process removes it. */
    private static void remove(Path file) {
        if (!file.toFile().delete()) {
            file.toFile().deleteOnExit();
        }
    }
}
