package io.espalier.engine.verify;

import io.espalier.engine.coupling.channel.KeptIndices;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.GraphIndex;
import io.espalier.spi.graph.Node;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Values that are compared besides the outputs: what goes into operators that sort, compare or choose, where a small
 * difference could hide or explode and where an untrained network may choose nothing, and what goes into a bounded function whose result is an output, because a network that a cut
 * has hurt may saturate it everywhere.
 *
 * @param values names of the values, none of which is cut
 * @param bounded outputs that a bounded function makes
 */
record ProbedValues(List<String> values, Set<String> bounded) {

    /** Chosen from at run time: what is chosen may be nothing at all. */
    private static final Set<String> LOOKING_UP = Set.of("Gather", "GatherElements", "GatherND", "Compress");

    private static final Set<String> BOUNDED = Set.of("Sigmoid", "HardSigmoid", "Softmax", "Tanh", "Erf");
    private static final Set<String> PASSING =
            Set.of("Cast", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Transpose");

    ProbedValues {
        values = List.copyOf(values);
    }

    static ProbedValues of(Graph graph, KeptIndices keptIndices, DiscreteDecisions choices) {
        Set<String> values = new LinkedHashSet<>(choices.operands());
        GraphIndex index = GraphIndex.of(graph);
        for (Node node : graph.nodes()) {
            if (LOOKING_UP.contains(node.operator())
                    && !graph.constants().containsKey(node.inputs().get(1))) {
                values.add(node.inputs().get(0));
            }
        }
        Set<String> bounded = new LinkedHashSet<>();
        for (String output : graph.outputs()) {
            String origin = index.origin(output, node -> PASSING.contains(node.operator()));
            index.producer(origin)
                    .filter(node -> BOUNDED.contains(node.operator()))
                    .ifPresent(node -> {
                        bounded.add(output);
                        values.add(node.inputs().get(0));
                    });
        }
        values.removeIf(value ->
                index.producer(value).isEmpty() || graph.outputs().contains(value) || keptIndices.touches(value));
        return new ProbedValues(List.copyOf(values), bounded);
    }
}
