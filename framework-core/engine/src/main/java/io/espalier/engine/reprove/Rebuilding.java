package io.espalier.engine.reprove;

import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.file.TemporaryFolder;
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
        TemporaryFolder folder = TemporaryFolder.create();
        try {
            original.write(folder.file(name), edits, metadata);
            return new Rebuilt(folder, open.apply(folder.file(name)));
        } catch (RuntimeException e) {
            folder.close();
            throw e;
        }
    }
}
