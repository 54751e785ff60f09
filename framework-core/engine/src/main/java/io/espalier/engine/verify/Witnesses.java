package io.espalier.engine.verify;

import io.espalier.engine.coupling.Survivors;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Values that are compared besides the outputs: what goes into operators that sort or choose, where a small difference
 * could hide or explode, and what goes into a bounded function whose result is an output, because a network that a cut
 * has hurt may saturate it everywhere.
 *
 * @param values names of the values, none of which is cut
 * @param bounded outputs that a bounded function makes
 */
record Witnesses(List<String> values, Set<String> bounded) {

    private static final Set<String> CHOOSING =
            Set.of("TopK", "NonMaxSuppression", "ArgMax", "ArgMin", "NonZero", "Unique", "Multinomial", "Bernoulli");
    private static final Set<String> BOUNDED = Set.of("Sigmoid", "HardSigmoid", "Softmax", "Tanh", "Erf");
    private static final Set<String> PASSING =
            Set.of("Identity", "Cast", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Transpose");

    Witnesses {
        values = List.copyOf(values);
    }

    static Witnesses of(Graph graph, Survivors survivors) {
        Set<String> values = new LinkedHashSet<>();
        Map<String, Node> producers = new LinkedHashMap<>();
        for (Node node : graph.nodes()) {
            node.outputs().forEach(output -> producers.put(output, node));
            if (CHOOSING.contains(node.operator())) {
                values.add(node.inputs().get(0));
            }
        }
        Set<String> bounded = new LinkedHashSet<>();
        for (String output : graph.outputs()) {
            Node producer = producers.get(output);
            while (producer != null && PASSING.contains(producer.operator())) {
                producer = producers.get(producer.inputs().get(0));
            }
            if (producer != null && BOUNDED.contains(producer.operator())) {
                bounded.add(output);
                values.add(producer.inputs().get(0));
            }
        }
        values.removeIf(
                value -> !producers.containsKey(value) || graph.outputs().contains(value) || survivors.touches(value));
        return new Witnesses(List.copyOf(values), bounded);
    }
}
