package io.espalier.engine.reprove;

import io.espalier.spi.adapter.Model;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * An open model in a temporary folder of its own; closing it deletes the folder.
 *
 * @param folder the folder
 * @param model the model
 */
record Rebuilt(Path folder, Model model) implements AutoCloseable {

    @Override
    public void close() {
        model.close();
        delete(folder);
    }

    static void delete(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
