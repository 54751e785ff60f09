package io.espalier.engine.run;

import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A model written to a temporary folder beside its target, so that it can be proved before it takes its place. Closing
 * it removes what was not moved.
 */
final class StagedModel implements AutoCloseable {

    private final Path folder;
    private final Model model;
    private final List<Edit> edits;
    private final Map<String, String> provenance;

    private StagedModel(Path folder, Model model, List<Edit> edits, Map<String, String> provenance) {
        this.folder = folder;
        this.model = model;
        this.edits = edits;
        this.provenance = provenance;
    }

    /**
     * Writes an edited model beside a target and opens it again.
     *
     * @param open opens what was written
     */
    static StagedModel write(
            Model original, List<Edit> edits, Map<String, String> provenance, Path target, Function<Path, Model> open) {
        Path folder = Outputs.folderBeside(target);
        try {
            Path file = folder.resolve(target.getFileName());
            original.write(file, edits, provenance);
            return new StagedModel(folder, open.apply(file), edits, provenance);
        } catch (RuntimeException e) {
            Outputs.deleteFolder(folder);
            throw e;
        }
    }

    Model model() {
        return model;
    }

    List<Edit> edits() {
        return edits;
    }

    /**
     * Puts the file in its place. A model of several files is written anew, because files name each other.
     *
     * @param original the open original, which may be the target
     */
    void moveTo(Path target, Model original) {
        model.close();
        try {
            if (isOneFile()) {
                Outputs.move(folder.resolve(target.getFileName()), target);
            } else {
                original.write(target, edits, provenance);
            }
        } catch (IOException e) {
            throw Outputs.unwritable(target, e);
        }
    }

    private boolean isOneFile() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.count() == 1;
        }
    }

    @Override
    public void close() {
        model.close();
        Outputs.deleteFolder(folder);
    }
}
