package io.espalier.engine.run;

import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.Model;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A model written to a folder of its own, so that it can be proved before it becomes a result. */
final class StagedModel implements AutoCloseable {

    private final ResultFolder results;
    private final Path folder;
    private final Model model;

    private StagedModel(ResultFolder results, Path folder, Model model) {
        this.results = results;
        this.folder = folder;
        this.model = model;
    }

    /**
     * Writes an edited model under the name of its target and opens it again.
     *
     * @param open opens what was written
     */
    static StagedModel write(
            Model original,
            List<Edit> edits,
            Map<String, String> provenance,
            Path target,
            ResultFolder results,
            Function<Path, Model> open) {
        Path folder = results.stage();
        Path file = folder.resolve(target.getFileName());
        original.write(file, edits, provenance);
        return new StagedModel(results, folder, open.apply(file));
    }

    Model model() {
        return model;
    }

    /** Closes the model and takes its files into the results. */
    void take() {
        model.close();
        results.take(folder);
    }

    /** Closes the model and deletes its files, unless they were taken. */
    @Override
    public void close() {
        model.close();
        results.discard(folder);
    }
}
