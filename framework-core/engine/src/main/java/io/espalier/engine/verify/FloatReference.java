package io.espalier.engine.verify;

import io.espalier.graph.operator.IntegerRange;
import io.espalier.graph.operator.Nodes;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Shapes;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.GraphRewriter;
import io.espalier.spi.graph.Node;
import io.espalier.spi.operator.Trait;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A quantised graph that does everything but round: values are scaled, shifted and saturated as before, in floating
 * point. What is equal with rounding need not be equal bit by bit in two runtimes; without it, it is.
 */
final class FloatReference {

    private final Shapes shapes;
    private final Operators operators;
    private final GraphRewriter rewriter;
    /** What takes the place of the node that is being changed. */
    private List<Node> nodes = new ArrayList<>();

    private FloatReference(Graph graph, Shapes shapes, Operators operators) {
        this.rewriter = GraphRewriter.of(graph);
        this.shapes = shapes;
        this.operators = operators;
    }

    /**
     * The graph without rounding.
     *
     * @param shapes ranks and types of its values; extents may be others
     */
    static Graph of(Graph graph, Shapes shapes, Operators operators) {
        if (graph.nodes().stream().noneMatch(node -> rounds(node, operators))) {
            return graph;
        }
        FloatReference unrounded = new FloatReference(graph, shapes, operators);
        graph.nodes().forEach(unrounded::visit);
        return unrounded.rewriter.build().withDeclared(Map.of());
    }

    static boolean rounds(Node node, Operators operators) {
        return node.domain().isEmpty()
                && (operators.is(node, Trait.QUANTISES) || operators.is(node, Trait.DEQUANTISES));
    }

    private void visit(Node node) {
        boolean known = rounds(node, operators)
                && node.intAttribute("block_size", 0) == 0
                && shapes.shape(node.inputs().get(0)).isPresent()
                && shapes.type(node.inputs().get(1)).isPresent();
        if (!known) {
            return;
        }
        nodes = new ArrayList<>();
        if (operators.is(node, Trait.QUANTISES)) {
            quantise(node);
        } else {
            dequantise(node);
        }
        rewriter.replace(node.id(), nodes);
    }

    private void quantise(Node node) {
        String output = node.outputs().get(0);
        String scaled = compute(Nodes::divide, node.inputs().get(0), along(node, 1), output + "/scaled");
        String moved =
                node.input(2).isPresent() ? compute(Nodes::add, scaled, along(node, 2), output + "/moved") : scaled;
        IntegerRange range = IntegerRange.of(shapes.type(output).orElse(DataType.UINT8));
        DataType type = shapes.type(node.inputs().get(1)).orElseThrow();
        String lowest = rewriter.constant(output + "/lowest", Tensors.fromDoubles(type, List.of(), range.lowest()));
        String highest = rewriter.constant(output + "/highest", Tensors.fromDoubles(type, List.of(), range.highest()));
        nodes.add(Nodes.clip(moved, lowest, highest, output));
    }

    private void dequantise(Node node) {
        String output = node.outputs().get(0);
        String real = cast(node, node.inputs().get(0), output + "/real");
        String centred =
                node.input(2).isPresent() ? compute(Nodes::subtract, real, along(node, 2), output + "/centred") : real;
        nodes.add(Nodes.multiply(centred, along(node, 1), output));
    }

    /** A scale or zero point as a factor of the operand: a vector lies along the axis that the node names. */
    private String along(Node node, int slot) {
        String name = node.outputs().get(0) + "/setting" + slot;
        String value = slot == 2
                ? cast(node, node.inputs().get(slot), name + "/real")
                : node.inputs().get(slot);
        int rank = shapes.require(node.inputs().get(0)).size();
        Optional<List<Dim>> shape = shapes.shape(node.inputs().get(slot));
        boolean vector = shape.isPresent()
                && shape.get().size() == 1
                && !shape.get().get(0).is(1);
        if (!vector || rank < 2) {
            return value;
        }
        int axis = Math.floorMod(node.intAttribute("axis", 1), rank);
        int following = rank - 1 - axis;
        if (following == 0) {
            return value;
        }
        long[] axes = new long[following];
        for (int i = 0; i < following; i++) {
            axes[i] = i + 1L;
        }
        return compute(Nodes::unsqueeze, value, rewriter.constant(name + "/axes", Tensors.vector(axes)), name);
    }

    private String cast(Node node, String value, String wish) {
        String name = rewriter.fresh(wish);
        boolean half = shapes.type(node.inputs().get(1)).orElseThrow() == DataType.FLOAT16;
        nodes.add(Nodes.toReal(value, half, name));
        return name;
    }

    /** A node with two operands. */
    @FunctionalInterface
    private interface Binary {
        Node of(String left, String right, String output);
    }

    private String compute(Binary operator, String left, String right, String wish) {
        String output = rewriter.fresh(wish);
        nodes.add(operator.of(left, right, output));
        return output;
    }
}
