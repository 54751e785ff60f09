package io.espalier.engine.reprove;

import io.espalier.spi.adapter.Model;
import io.espalier.spi.file.TemporaryFolder;

/**
 * An open model in a temporary folder of its own; closing it deletes the folder.
 *
 * @param folder the folder
 * @param model the model
 */
record Rebuilt(TemporaryFolder folder, Model model) implements AutoCloseable {

    @Override
    public void close() {
        model.close();
        folder.close();
    }
}
