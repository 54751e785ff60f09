package io.espalier.engine.run;

import io.espalier.engine.allocate.Target.Metric;
import io.espalier.engine.layer.Layers;
import io.espalier.engine.recover.RefittedFile;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.adapter.Edit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What a compensator may know of the file that is pruned. Not thread-safe.
 *
 * @param layers its layers
 * @param metric what the target counts
 * @param stage writes the pruned file with some edits made, and opens it
 */
record StagedFile(Layers layers, Metric metric, Function<List<Edit>, StagedModel> stage) implements RefittedFile {

    @Override
    public Set<String> names(String node) {
        return layers.names(node);
    }

    /** An adapter refuses what its format cannot hold with one of two exceptions; what a file holds, it opens again. */
    @Override
    public Optional<String> refusal(List<Edit> edits) {
        if (metric == Metric.PARAMS || metric == Metric.BYTES) {
            return Optional.of("the target counts " + metric);
        }
        try {
            stage.apply(edits).close();
            return Optional.empty();
        } catch (InvalidInputException | IllegalArgumentException refused) {
            return Optional.of(refused.getMessage());
        }
    }
}
