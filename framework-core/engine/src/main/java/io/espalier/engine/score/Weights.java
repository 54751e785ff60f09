package io.espalier.engine.score;

import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
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

    private Weights(Graph graph) {
        this.stored = graph.allConstants();
        visit(graph);
    }

    static Weights of(Graph graph) {
        return new Weights(graph);
    }

    private void visit(Graph graph) {
        for (Node node : graph.nodes()) {
            boolean quantises = node.qualifiedOperator().equals("QuantizeLinear");
            boolean dequantises = node.qualifiedOperator().equals("DequantizeLinear");
            if (quantises || dequantises) {
                settings.addAll(node.inputs().subList(1, node.inputs().size()));
            }
            if (dequantises) {
                DequantisedTensor.of(node, stored)
                        .ifPresent(
                                numbers -> dequantised.putIfAbsent(node.inputs().get(0), numbers));
            }
            node.bodies().forEach(this::visit);
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
