package io.espalier.engine.verify;

import io.espalier.engine.coupling.channel.KeptIndices;
import io.espalier.graph.operator.Movement;
import io.espalier.graph.operator.OperatorDefinition;
import io.espalier.graph.operator.Operators;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.GraphIndex;
import io.espalier.spi.graph.Node;
import io.espalier.spi.operator.Trait;
import java.util.EnumSet;
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

    private static final Set<Movement> REGROUPING =
            EnumSet.of(Movement.RESHAPE, Movement.FLATTEN, Movement.SQUEEZE, Movement.UNSQUEEZE, Movement.TRANSPOSE);

    ProbedValues {
        values = List.copyOf(values);
    }

    static ProbedValues of(Graph graph, Operators operators, KeptIndices keptIndices, DiscreteDecisions choices) {
        Set<String> values = new LinkedHashSet<>(choices.operands());
        GraphIndex index = GraphIndex.of(graph);
        for (Node node : graph.nodes()) {
            // What is looked up when the model runs may be nothing at all.
            if (operators.is(node, Trait.LOOKS_UP)
                    && !graph.constants().containsKey(node.inputs().get(1))) {
                values.add(node.inputs().get(0));
            }
        }
        Set<String> bounded = new LinkedHashSet<>();
        for (String output : graph.outputs()) {
            String origin = index.origin(output, node -> passes(node, operators));
            index.producer(origin)
                    .filter(node -> operators.is(node, Trait.BOUNDED))
                    .ifPresent(node -> {
                        bounded.add(output);
                        values.add(node.inputs().get(0));
                    });
        }
        values.removeIf(value ->
                index.producer(value).isEmpty() || graph.outputs().contains(value) || keptIndices.touches(value));
        return new ProbedValues(List.copyOf(values), bounded);
    }

    private static boolean passes(Node node, Operators operators) {
        return operators.is(node, Trait.CASTS)
                || operators
                        .of(node)
                        .flatMap(OperatorDefinition::movement)
                        .filter(REGROUPING::contains)
                        .isPresent();
    }
}
