package io.espalier.engine.score;

import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.label.LabelledAxis;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.Tensor;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** The parameters of a graph that have labels, as criteria see them. Thread-safe. */
final class ScoredParameters {

    private final Coupling coupling;
    private final Weights weights;
    private final Map<String, TensorBlocks> blocks = new LinkedHashMap<>();

    ScoredParameters(Graph graph, Coupling coupling) {
        this.coupling = coupling;
        this.weights = Weights.of(graph, coupling.operators());
        Scratch.Pool pool = new Scratch.Pool();
        for (LabelledAxis axis : coupling.labelledAxes()) {
            blocks.computeIfAbsent(
                    axis.use().constant(), constant -> new TensorBlocks(constant, weights.numbers(constant), pool));
        }
    }

    /** Whether an axis belongs to a parameter, and not to a constant that only says what others stand for. */
    boolean isScored(LabelledAxis axis) {
        return !weights.isSetting(axis.use().constant());
    }

    SliceView view(LabelledAxis axis) {
        Tensor tensor = weights.numbers(axis.use().constant());
        return new SliceView(axis, coupling.slices(axis), tensor, blocks(axis));
    }

    TensorBlocks blocks(LabelledAxis axis) {
        return blocks.get(axis.use().constant());
    }

    Collection<TensorBlocks> all() {
        return blocks.values();
    }
}
