package io.espalier.engine.verify;

import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.label.LabelledAxis;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.GraphEdits;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Perturbs the weights of a graph, so that channels that happen to be dead come alive: only then does removing them show
 * whether the right ones were removed.
 */
final class Perturbation {

    private Perturbation() {}

    /**
     * Mixes every constant that holds channels with noise of the same root mean square.
     *
     * @param strength share of the noise: 1 leaves nothing of the weights
     */
    static Graph of(Graph graph, Coupling coupling, long seed, double strength) {
        Map<String, Tensor> constants = graph.allConstants();
        Map<String, Tensor> changed = new LinkedHashMap<>();
        for (LabelledAxis labelledAxis : coupling.labelledAxes()) {
            String name = labelledAxis.use().constant();
            Tensor tensor = constants.get(name);
            if (tensor.type().isFloating() && !changed.containsKey(name)) {
                changed.put(name, perturbed(tensor, seed + name.hashCode(), strength));
            }
        }
        List<Edit> edits = new ArrayList<>();
        changed.forEach((name, value) -> edits.add(new Edit.SetConstant(name, value)));
        return GraphEdits.apply(graph, edits);
    }

    private static Tensor perturbed(Tensor tensor, long seed, double strength) {
        double[] squares = {0};
        boolean[] positive = {true};
        Tensors.forEach(tensor, (index, value) -> {
            squares[0] += value * value;
            positive[0] &= value >= 0;
        });
        double scale = squares[0] == 0 ? 0.1 : Math.sqrt(squares[0] / tensor.size());
        return new PerturbedTensor(tensor, seed, strength, scale, positive[0]);
    }
}
