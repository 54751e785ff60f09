package io.espalier.graph.operator;

import io.espalier.graph.shape.Shapes;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.FreshNames;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * Convolutions whose padding follows from extents that are open, with zeros put around their operand, or borders cut off what they spread, by
 * a node of its own: a gradient needs to know how many there are.
 */
public final class ExplicitPadding {

    private final Emitter e;

    private ExplicitPadding(Emitter e) {
        this.e = e;
    }

    /** The graph in this form; it computes the same values under the same names. */
    public static Graph of(Graph graph, Operators operators) {
        if (graph.nodes().stream().noneMatch(node -> padsItself(node) || isSpreadTo(node))) {
            return graph;
        }
        Shapes shapes = operators.infer(graph);
        FreshNames names = FreshNames.of(graph);
        Map<String, Tensor> constants = new LinkedHashMap<>();
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            NodeView view = new NodeView(node, shapes);
            boolean spreads = isSpreadTo(node) && TransposedWindow.isFittedAtRunTime(view);
            if (!spreads && (!padsItself(node) || !isOpen(view))) {
                nodes.add(node);
                continue;
            }
            Emitter emitter = new Emitter(names, shapes, node.id());
            ExplicitPadding padding = new ExplicitPadding(emitter);
            Node padded = spreads ? padding.fitted(view) : padding.padded(view);
            nodes.addAll(emitter.nodes());
            nodes.add(padded);
            constants.putAll(emitter.constants());
        }
        return graph.withNodes(nodes).withConstants(constants);
    }

    private static boolean isSpreadTo(Node node) {
        return node.qualifiedOperator().equals(Nodes.TRANSPOSED_CONVOLUTION)
                && node.intsAttribute("output_shape").isPresent();
    }

    private static boolean padsItself(Node node) {
        return node.qualifiedOperator().equals(Nodes.CONVOLUTION)
                && node.textAttribute("auto_pad", "NOTSET").startsWith("SAME")
                && node.intsAttribute("strides").orElse(List.of()).stream().anyMatch(stride -> stride > 1);
    }

    /** Whether an extent that the padding follows from is open, and all else is known. */
    private static boolean isOpen(NodeView view) {
        boolean known = view.shape(1)
                .filter(weight -> weight.stream().allMatch(Dim::isConstant))
                .isPresent();
        return known
                && view.shape(0)
                        .filter(shape -> !shape.stream().skip(2).allMatch(Dim::isConstant))
                        .isPresent();
    }

    private Node padded(NodeView view) {
        Node node = view.node();
        List<Dim> kernel = view.shape(1).orElseThrow().stream().skip(2).toList();
        boolean upper = node.textAttribute("auto_pad", "").endsWith("UPPER");
        List<String> amounts = new ArrayList<>(List.of(e.vector(0, 0)));
        List<String> behind = new ArrayList<>(List.of(e.vector(0, 0)));
        for (int axis = 0; axis < kernel.size(); axis++) {
            long stride = node.intsAttribute("strides").orElseThrow().get(axis);
            int place = axis;
            long dilation =
                    node.intsAttribute("dilations").map(all -> all.get(place)).orElse(1L);
            String total = total(
                    axis,
                    (kernel.get(axis).constant() - 1) * dilation + 1,
                    stride,
                    node.inputs().get(0));
            String less = e.divide(total, e.vector(2));
            String more = e.subtract(total, less);
            amounts.add(upper ? less : more);
            behind.add(upper ? more : less);
        }
        amounts.addAll(behind);
        String around = e.concatenate(0, amounts.toArray(String[]::new));
        String operand = e.compute(Nodes::pad, node.inputs().get(0), around);
        return node.withInput(0, operand).withAttribute("auto_pad", new Attribute.Text("VALID"));
    }

    /** Zeros on both sides of an axis: as many as the last move of the window lacks. */
    private String total(int axis, long span, long stride, String value) {
        String extent = e.extents(value, axis + 2, axis + 3);
        String moves = e.divide(e.add(extent, e.vector(stride - 1)), e.vector(stride));
        String needed = e.add(e.multiply(moves, e.vector(stride)), e.vector(span - stride));
        return e.compute("Max", List.of(e.subtract(needed, extent), e.vector(0)), Map.of());
    }

    /** What is spread, cut off around to the extents that the node names; zeros behind it where it is shorter. */
    private Node fitted(NodeView view) {
        Node node = view.node();
        Map<String, Attribute> attributes = new LinkedHashMap<>(node.attributes());
        attributes.keySet().removeAll(List.of("output_shape", "output_padding", "pads", "auto_pad"));
        String whole = e.compute(Nodes.TRANSPOSED_CONVOLUTION, node.inputs().subList(0, 2), attributes);
        List<Long> extents = node.intsAttribute("output_shape").orElseThrow();
        List<String> amounts = new ArrayList<>(List.of(e.vector(0, 0)));
        List<String> behind = new ArrayList<>(List.of(e.vector(0, 0)));
        for (int axis = 0; axis < extents.size(); axis++) {
            String spread = e.extents(whole, axis + 2, axis + 3);
            String missing = e.subtract(e.vector(extents.get(axis)), spread);
            String total = e.compute(
                    "Max",
                    List.of(e.subtract(e.vector(TransposedWindow.extra(view, axis)), missing), e.vector(0)),
                    Map.of());
            String less = e.divide(total, e.vector(2));
            boolean upper = node.textAttribute("auto_pad", "").endsWith("UPPER");
            String before = upper ? less : e.subtract(total, less);
            amounts.add(e.negate(before));
            behind.add(e.add(missing, before));
        }
        amounts.addAll(behind);
        String cut = e.compute(Nodes::pad, whole, e.concatenate(0, amounts.toArray(String[]::new)));
        long[] shape = LongStream.concat(LongStream.of(0, 0), extents.stream().mapToLong(Long::longValue))
                .toArray();
        String known = e.reshape(cut, shape);
        return node.input(2)
                .map(bias -> Nodes.add(known, NormalisationGradients.channels(e, bias, shape.length), node.id()))
                .orElseGet(() -> Node.of("Identity", List.of(known), List.of(node.id()), Map.of()));
    }
}
