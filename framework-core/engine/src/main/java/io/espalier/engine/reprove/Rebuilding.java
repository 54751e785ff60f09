package io.espalier.engine.reprove;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Writes what a plan makes into a temporary folder, under the name that the file to be proved has, and opens it.
 *
 * @param name the name of the file, which may stand in it where it names files beside it
 * @param open opens a file of its kind
 */
public record Rebuilding(String name, Function<Path, Model> open) {

    Rebuilt write(Model original, List<Edit> edits, Map<String, String> metadata) {
        Path folder = folder();
        try {
            original.write(folder.resolve(name), edits, metadata);
            return new Rebuilt(folder, open.apply(folder.resolve(name)));
        } catch (RuntimeException e) {
            Rebuilt.delete(folder);
            throw e;
        }
    }

    private static Path folder() {
        try {
            return Files.createTempDirectory("espalier-");
        } catch (IOException e) {
            throw new InvalidInputException(
                    "What the plan makes cannot be written to the folder for temporary files: " + e.getMessage() + ".",
                    e);
        }
    }
}
