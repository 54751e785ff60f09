package io.espalier.graph.operator;

import io.espalier.graph.symbol.Dim;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Gradients of matrix products. */
final class MatrixGradients {

    private MatrixGradients() {}

    static void multiply(Backward b) {
        boolean row = b.rank(0) == 1;
        boolean column = b.rank(1) == 1;
        String left = row ? b.unsqueeze(b.input(0), 0) : b.input(0);
        String right = column ? b.unsqueeze(b.input(1), 1) : b.input(1);
        String gradient = column ? b.unsqueeze(b.gradient(), -1) : b.gradient();
        gradient = row ? b.unsqueeze(gradient, column ? 0 : -2) : gradient;
        List<Dim> leftShape = row ? List.of(Dim.ONE, b.shape(0).get(0)) : b.shape(0);
        List<Dim> rightShape = column ? List.of(b.shape(1).get(0), Dim.ONE) : b.shape(1);
        if (b.wants(0)) {
            String product = b.multiplyMatrices(gradient, b.turned(right, rightShape.size()));
            put(b, 0, product, leftShape, rightShape);
        }
        boolean flat = rightShape.size() == 2
                && leftShape.size() > 2
                && rightShape.stream().allMatch(Dim::isConstant);
        if (b.wants(1) && flat) {
            // One large product in the place of many small ones that are summed.
            String rows = b.reshape(left, -1, rightShape.get(0).constant());
            String errors = b.reshape(gradient, -1, rightShape.get(1).constant());
            String product = b.multiplyMatrices(b.turned(rows, 2), errors);
            b.put(1, column ? b.squeeze(product, 1) : product);
        } else if (b.wants(1)) {
            String product = b.multiplyMatrices(b.turned(left, leftShape.size()), gradient);
            put(b, 1, product, rightShape, leftShape);
        }
    }

    /** Sums over the axes along which an operand was repeated, and removes the axis that was added to a vector. */
    private static void put(Backward b, int slot, String product, List<Dim> own, List<Dim> other) {
        if (b.rank(slot) == 1) {
            int leading = Math.max(own.size(), other.size()) - 2;
            long[] axes = new long[leading + 1];
            for (int axis = 0; axis < leading; axis++) {
                axes[axis] = axis;
            }
            axes[leading] = slot == 0 ? leading : leading + 1L;
            b.put(slot, b.sum(product, false, axes));
            return;
        }
        List<Dim> batches = other.size() > 2 ? other.subList(0, other.size() - 2) : List.of();
        List<Dim> repeated = new ArrayList<>();
        int leading = Math.max(own.size(), other.size()) - 2;
        for (int axis = 0; axis < leading; axis++) {
            Dim mine = at(own.subList(0, own.size() - 2), axis, leading);
            Dim others = at(batches, axis, leading);
            repeated.add(mine.is(1) ? others : mine);
        }
        repeated.addAll(own.subList(own.size() - 2, own.size()));
        b.put(slot, b.summed(product, repeated, b.input(slot)));
    }

    private static Dim at(List<Dim> shape, int axis, int rank) {
        int position = axis - (rank - shape.size());
        return position < 0 ? Dim.ONE : shape.get(position);
    }

    /** alpha A B + beta C, with A and B turned or not. */
    static void gemm(Backward b) {
        boolean turnedLeft = b.node().intAttribute("transA", 0) != 0;
        boolean turnedRight = b.node().intAttribute("transB", 0) != 0;
        double alpha = b.node().realAttribute("alpha", 1);
        String scaled = b.wants(0) || b.wants(1) ? b.multiply(b.gradient(), alpha) : "";
        if (b.wants(0)) {
            b.put(
                    0,
                    turnedLeft
                            ? product(b, b.input(1), turnedRight, scaled, true)
                            : product(b, scaled, false, b.input(1), !turnedRight));
        }
        if (b.wants(1)) {
            b.put(
                    1,
                    turnedRight
                            ? product(b, scaled, true, b.input(0), turnedLeft)
                            : product(b, b.input(0), !turnedLeft, scaled, false));
        }
        if (b.wants(2)) {
            b.putSummed(2, b.multiply(b.gradient(), b.node().realAttribute("beta", 1)));
        }
    }

    private static String product(Backward b, String left, boolean leftTurned, String right, boolean rightTurned) {
        return b.single(Nodes.multiplyMatrices(left, leftTurned, right, rightTurned, ""));
    }

    /** The upper or lower triangle of what arrives. */
    static void triangle(Backward b) {
        List<String> operands = new ArrayList<>(b.node().inputs());
        operands.set(0, b.gradient());
        Node node = b.node();
        b.put(0, b.single(new Node(node.domain(), node.operator(), operands, List.of(""), node.attributes())));
    }

    static void fusedMatMul(Expansion e) {
        String product = e.multiplyMatrices(factor(e, 0, "A"), factor(e, 1, "B"));
        e.put(0, e.multiply(product, e.node().realAttribute("alpha", 1)));
    }

    /** A factor with its first axis, which the batches follow, brought next to the last, and turned: each as the node says. */
    private static String factor(Expansion e, int slot, String name) {
        int rank = e.rank(slot);
        String factor = e.input(slot);
        if (e.node().intAttribute("transBatch" + name, 0) != 0) {
            int[] batchesFirst = IntStream.range(0, rank)
                    .map(axis -> axis < rank - 2 ? axis + 1 : axis)
                    .toArray();
            batchesFirst[rank - 2] = 0;
            factor = e.transpose(factor, batchesFirst);
        }
        return e.node().intAttribute("trans" + name, 0) != 0 ? e.turned(factor, rank) : factor;
    }

    /** The activation of a product. */
    static void fusedGemm(Expansion e) {
        Map<String, Attribute> attributes = new LinkedHashMap<>(e.node().attributes());
        String activation = e.node().textAttribute("activation", "");
        attributes.remove("activation");
        List<Double> parameters = new ArrayList<>();
        for (String setting : List.of("alpha", "beta", "gamma")) {
            if (attributes.remove("activation_" + setting) instanceof Attribute.Real given) {
                parameters.add(given.value());
            }
        }
        String product = e.compute(Nodes.GENERAL_PRODUCT, e.node().inputs(), attributes);
        e.put(0, FusedActivations.of(e, activation, parameters, product));
    }
}
