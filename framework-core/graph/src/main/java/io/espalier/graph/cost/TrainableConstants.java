package io.espalier.graph.cost;

import io.espalier.graph.operator.NodeView;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.GraphIndex;
import io.espalier.spi.graph.Node;
import io.espalier.spi.operator.SlotRole;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tells the trained constants of a graph from the others.
 *
 * <p>Trained are constants of a floating type, and 8-bit integers, that some operator reads other than as a running
 * statistic or as a setting (bounds of a Clip, scales of a Resize, quantisation scales and zero points). Scalars of rank
 * 0 are settings too: exporters write numbers of formulas that way.
 */
public final class TrainableConstants {

    private final Shapes shapes;
    private final Operators operators;
    private final GraphIndex index;
    private final Set<String> trained = new LinkedHashSet<>();

    TrainableConstants(Graph graph, Shapes shapes, Operators operators) {
        this.shapes = shapes;
        this.operators = operators;
        this.index = GraphIndex.of(graph);
        visit(graph);
    }

    /** The trained constants of real numbers that a graph itself has, in its order. */
    public static List<String> real(Graph graph, Operators operators) {
        return realWithBodies(graph, operators).stream()
                .filter(graph.constants()::containsKey)
                .toList();
    }

    /** The trained constants of real numbers of a graph and of the bodies of its nodes. */
    public static List<String> realWithBodies(Graph graph, Operators operators) {
        TrainableConstants constants = new TrainableConstants(graph, operators.infer(graph), operators);
        return graph.allConstants().entrySet().stream()
                .filter(each -> each.getValue().type().isFloating() && constants.isTrained(each.getKey()))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** All constants, those of sub-graphs included. */
    public Map<String, Tensor> constants() {
        return index.constants();
    }

    /** Whether a constant is trained. */
    public boolean isTrained(String constant) {
        return trained.contains(constant);
    }

    /** How many input slots and graph outputs read a constant. */
    public int readers(String constant) {
        return index.timesRead(constant);
    }

    private void visit(Graph graph) {
        for (Node node : graph.nodes()) {
            for (int slot = 0; slot < node.inputs().size(); slot++) {
                read(node, slot, node.inputs().get(slot));
            }
            node.bodies().forEach(this::visit);
        }
    }

    private void read(Node node, int slot, String value) {
        Tensor tensor = constants().get(value);
        if (tensor == null || tensor.shape().isEmpty()) {
            return;
        }
        SlotRole role = operators
                .of(node)
                .map(definition -> definition.role(new NodeView(node, shapes), slot))
                .orElse(SlotRole.DATA);
        // The bias of an integer operator has 32 bits; other integers of that size are positions and counts.
        boolean weight = tensor.type().isFloating()
                || tensor.type() == DataType.INT8
                || tensor.type() == DataType.UINT8
                || role == SlotRole.BIAS;
        if (weight && role.isTrained()) {
            trained.add(value);
        }
    }
}
