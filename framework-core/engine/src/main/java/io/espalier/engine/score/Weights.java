package io.espalier.engine.score;

import io.espalier.graph.operator.Operators;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.operator.Trait;
import io.espalier.spi.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The constants of a graph as criteria see them: stored integers as the numbers that they stand for, and the scales and
 * zero points that say so left out.
 */
final class Weights {

    private final Map<String, Tensor> stored;
    private final Map<String, Tensor> dequantised = new LinkedHashMap<>();
    private final Set<String> settings = new LinkedHashSet<>();

    private Weights(Graph graph, Operators operators) {
        this.stored = graph.allConstants();
        visit(graph, operators);
    }

    static Weights of(Graph graph, Operators operators) {
        return new Weights(graph, operators);
    }

    private void visit(Graph graph, Operators operators) {
        for (Node node : graph.nodes()) {
            boolean quantises = node.domain().isEmpty() && operators.is(node, Trait.QUANTISES);
            boolean dequantises = node.domain().isEmpty() && operators.is(node, Trait.DEQUANTISES);
            if (quantises || dequantises) {
                node.inputs().stream().skip(1).forEach(settings::add);
            }
            if (dequantises) {
                DequantisedTensor.of(node, stored)
                        .ifPresent(
                                numbers -> dequantised.putIfAbsent(node.inputs().get(0), numbers));
            }
            node.bodies().forEach(body -> visit(body, operators));
        }
    }

    /** The numbers of a constant. */
    Tensor numbers(String constant) {
        return dequantised.getOrDefault(constant, stored.get(constant));
    }

    /** Whether a constant only says what others stand for. */
    boolean isSetting(String constant) {
        return settings.contains(constant);
    }
}
