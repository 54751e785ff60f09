package io.espalier.spi.file;

import io.espalier.spi.Stability;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Files and folders with what lies in them. Thread-safe. */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public final class FileTree {

    private FileTree() {}

    /** Deletes a file, or a folder and what lies in it; links are deleted, not followed. What is gone already is no error. */
    public static void delete(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        } catch (NoSuchFileException deletedBefore) {
            return;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
