package io.espalier.spi.operator;

import io.espalier.spi.Stability;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.Tensor;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What one application of an operator is made of: operators that the engine knows, in topological order. Names are those of the parts alone;
 * the engine gives its own. Immutable.
 *
 * @param inputs what the parts call the inputs of the application, by slot; one that the application lacks is absent for the parts as well
 * @param outputs what the parts call the outputs of the application, by slot
 * @param nodes the parts
 * @param constants tensors that the parts read, by name
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.2.0")
public record OperatorParts(
        List<String> inputs, List<String> outputs, List<Node> nodes, Map<String, Tensor> constants) {

    /** @throws IllegalArgumentException when a part reads what is no input and no constant, and is not made before */
    public OperatorParts {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        nodes = List.copyOf(nodes);
        constants = Map.copyOf(constants);
        Set<String> known = new HashSet<>(inputs);
        known.addAll(constants.keySet());
        known.add("");
        for (Node node : nodes) {
            require(known, node.inputs(), node.operator() + " reads");
            known.addAll(node.outputs());
        }
        require(known, outputs, "they return");
    }

    private static void require(Set<String> known, List<String> read, String who) {
        for (String value : read) {
            if (!known.contains(value)) {
                throw new IllegalArgumentException(
                        who + " '" + value + "', which is no input of the parts, and none makes it before");
            }
        }
    }
}
