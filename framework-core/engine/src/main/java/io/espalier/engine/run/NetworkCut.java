package io.espalier.engine.run;

import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.GraphEdits;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A cut of a network that is trained.
 *
 * @param before the network before the cut
 * @param network the network after the cut, and after the repair where one is wanted
 * @param surgery makes the same cut in the network before it with other numbers in its weights
 * @param repaired names of constants that were changed besides
 * @param record from which the cut can be made again
 */
public record NetworkCut(
        Graph before, Graph network, UnaryOperator<Graph> surgery, List<String> repaired, byte[] record) {

    public NetworkCut {
        repaired = List.copyOf(repaired);
    }

    /** Whether weights were changed besides. */
    public boolean isRepaired() {
        return !repaired.isEmpty();
    }

    /**
     * Cuts numbers that belong to weights, such as momentum, as the weights themselves are cut.
     *
     * @param numbers for names of weights before the cut, tensors of their shapes
     * @return tensors by the names of weights after the cut
     */
    public Map<String, Tensor> of(Map<String, Tensor> numbers) {
        List<Edit> edits = new ArrayList<>();
        numbers.forEach((name, value) -> edits.add(new Edit.SetConstant(name, value)));
        return surgery.apply(GraphEdits.apply(before, edits)).allConstants();
    }
}
