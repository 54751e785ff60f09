package io.espalier.graph.gradient;

import io.espalier.graph.operator.NodeView;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.graph.FreshNames;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.GraphIndex;
import io.espalier.spi.graph.Node;
import io.espalier.spi.operator.SlotRole;
import io.espalier.spi.tensor.Tensor;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A graph whose running statistics are constants of their own. Exporters store equal constants once, so that the variance of a
 * network that is not trained may be the scale of another layer; training changes the scale alone.
 */
final class HeldStatistics {

    private HeldStatistics() {}

    static Graph of(Graph graph, Operators operators) {
        GraphIndex index = GraphIndex.of(graph);
        Shapes shapes = operators.infer(graph);
        Set<String> otherwise = new HashSet<>();
        each(graph, (node, slot, value) -> {
            if (!isStatistic(node, slot, shapes, operators)) {
                otherwise.add(index.origin(value));
            }
        });
        FreshNames names = FreshNames.of(graph);
        Map<String, Tensor> copies = new LinkedHashMap<>();
        Map<Node, Node> changed = new HashMap<>();
        each(graph, (node, slot, value) -> {
            Tensor constant = graph.constants().get(index.origin(value));
            if (constant != null
                    && otherwise.contains(index.origin(value))
                    && isStatistic(node, slot, shapes, operators)) {
                String copy = names.fresh(value + "/held");
                copies.put(copy, constant);
                changed.put(node, changed.getOrDefault(node, node).withInput(slot, copy));
            }
        });
        List<Node> nodes = graph.nodes().stream()
                .map(node -> changed.getOrDefault(node, node))
                .toList();
        return graph.withNodes(nodes).withConstants(copies);
    }

    /** Takes what a node reads in one slot. */
    @FunctionalInterface
    private interface Reader {

        void read(Node node, int slot, String value);
    }

    private static void each(Graph graph, Reader reader) {
        for (Node node : graph.nodes()) {
            for (int slot = 0; slot < node.inputs().size(); slot++) {
                reader.read(node, slot, node.inputs().get(slot));
            }
        }
    }

    private static boolean isStatistic(Node node, int slot, Shapes shapes, Operators operators) {
        return operators
                .of(node)
                .filter(definition -> definition.role(new NodeView(node, shapes), slot) == SlotRole.STATISTIC)
                .isPresent();
    }
}
