package io.espalier.engine.run;

import io.espalier.engine.layer.Layers;
import io.espalier.engine.recover.RefittedFile;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.adapter.Edit;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * What a compensator may know of the file that is pruned. Not thread-safe.
 *
 * @param layers its layers
 * @param stage writes the pruned file with some edits made, and opens it
 */
record StagedFile(Layers layers, Function<List<Edit>, StagedModel> stage) implements RefittedFile {

    @Override
    public Set<String> names(String node) {
        return layers.names(node);
    }

    /** An adapter refuses what its format cannot hold with one of two exceptions; what a file holds, it opens again. */
    @Override
    public boolean holds(List<Edit> edits) {
        try (StagedModel staged = stage.apply(edits)) {
            return !staged.model().graph().nodes().isEmpty();
        } catch (InvalidInputException | IllegalArgumentException refused) {
            return false;
        }
    }
}
