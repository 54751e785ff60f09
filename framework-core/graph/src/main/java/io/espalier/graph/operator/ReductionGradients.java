package io.espalier.graph.operator;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Gradients of operators that reduce axes: every element that took part gets its share. */
final class ReductionGradients {

    private ReductionGradients() {}

    static void sum(Backward b) {
        spread(b, b.gradient());
    }

    static void mean(Backward b) {
        spread(b, b.divide(b.gradient(), b.count(b.input(0), axes(b))));
    }

    private static void spread(Backward b, String gradient) {
        b.put(0, b.expandLike(kept(b, gradient), b.input(0)));
    }

    static void sumOfSquares(Backward b) {
        b.put(0, b.multiply(b.multiply(kept(b, b.gradient()), b.input(0)), 2));
    }

    static void magnitudes(Backward b) {
        b.put(0, b.multiply(kept(b, b.gradient()), Activations.unary(b, "Sign", b.input(0))));
    }

    /** The norm of zeros has no slope in any direction; it is taken as 0, as at the kink of a magnitude. */
    static void norm(Backward b) {
        String share = b.where(Activations.positive(b, b.output(0)), b.divide(b.gradient(), b.output(0)));
        b.put(0, b.multiply(kept(b, share), b.input(0)));
    }

    /** Elements that are equally extreme share the gradient. */
    static void extreme(Backward b) {
        String ties = b.real(b.compute(Nodes::equal, b.input(0), kept(b, b.output(0))));
        String count = b.single(Nodes.sum(ties, axesVector(b), true, ""));
        b.put(0, b.multiply(ties, b.divide(kept(b, b.gradient()), count)));
    }

    /** A factor gets the product of the others: where it is zero, they are what is left of the whole product. */
    static void product(Backward b) {
        String zero = b.compute(Nodes::equal, b.input(0), b.scalar(0));
        String factors = b.single(Nodes.where(zero, b.scalar(1), b.input(0), ""));
        List<String> operands = new ArrayList<>(List.of(factors));
        operands.addAll(b.node().inputs().subList(1, b.node().inputs().size()));
        String product = b.compute(b.node().operator(), operands, b.node().attributes());
        String zeros = b.single(Nodes.sum(b.real(zero), axesVector(b), true, ""));
        String whole = b.multiply(kept(b, b.gradient()), kept(b, product));
        String ofFactor = b.divide(b.masked(b.compute(Nodes::equal, zeros, b.scalar(0)), whole), factors);
        String ofZero = b.masked(b.compute(Nodes::equal, zeros, b.scalar(1)), whole);
        b.put(0, b.single(Nodes.where(zero, ofZero, ofFactor, "")));
    }

    static void logarithmOfSum(Backward b) {
        String sum = Activations.unary(b, "Exp", b.output(0));
        spread(b, b.divide(b.gradient(), sum));
    }

    static void logarithmOfExponentials(Backward b) {
        String share = Activations.unary(b, "Exp", b.subtract(b.input(0), kept(b, b.output(0))));
        b.put(0, b.multiply(kept(b, b.gradient()), share));
    }

    /** A value of the shape of the output with the axes that were reduced, of extent 1. */
    private static String kept(Backward b, String value) {
        boolean keeps = b.node().intAttribute("keepdims", 1) != 0;
        return keeps ? value : b.unsqueeze(value, longs(axes(b)));
    }

    private static String axesVector(Backward b) {
        return b.vector(longs(axes(b)));
    }

    private static long[] longs(int[] axes) {
        return IntStream.of(axes).asLongStream().toArray();
    }

    /** The axes that are reduced, in ascending order. */
    static int[] axes(Backward b) {
        int rank = b.rank(0);
        long[] given = b.has(1) ? b.numbers(1) : new long[0];
        if (given.length == 0) {
            boolean none = b.node().intAttribute("noop_with_empty_axes", 0) != 0;
            return none ? new int[0] : IntStream.range(0, rank).toArray();
        }
        return IntStream.range(0, given.length)
                .map(i -> NodeView.normalise(given[i], rank))
                .sorted()
                .toArray();
    }

    static void globalAverage(Backward b) {
        int[] axes = IntStream.range(2, b.rank(0)).toArray();
        b.put(0, b.expandLike(b.divide(b.gradient(), b.count(b.input(0), axes)), b.input(0)));
    }

    static void globalExtreme(Backward b) {
        long[] axes = IntStream.range(2, b.rank(0)).asLongStream().toArray();
        String ties = b.real(b.compute(Nodes::equal, b.input(0), b.output(0)));
        b.put(0, b.multiply(ties, b.divide(b.gradient(), b.sum(ties, true, axes))));
    }

    /** The p-th root of a sum of p-th powers, over all positions. */
    static void globalNorm(Expansion e) {
        long[] axes = IntStream.range(2, e.rank(0)).asLongStream().toArray();
        double p = e.node().intAttribute("p", 2);
        String powers = e.power(Activations.unary(e, "Abs", e.input(0)), p);
        e.put(0, e.power(e.sum(powers, true, axes), 1 / p));
    }

    /** What is made of the softmax of a value, along one axis. */
    static void softmax(Backward b) {
        String weighted = b.multiply(b.gradient(), b.output(0));
        String total = b.sum(weighted, true, axis(b));
        b.put(0, b.subtract(weighted, b.multiply(b.output(0), total)));
    }

    static void logSoftmax(Backward b) {
        String total = b.sum(b.gradient(), true, axis(b));
        b.put(0, b.subtract(b.gradient(), b.multiply(Activations.unary(b, "Exp", b.output(0)), total)));
    }

    private static long axis(Backward b) {
        return b.view().axis("axis", -1, b.rank(0));
    }

    /** Each vector along an axis divided by its norm. */
    static void normalised(Expansion e) {
        long axis = e.view().axis("axis", -1, e.rank(0));
        boolean absolute = e.node().intAttribute("p", 2) == 1;
        String parts = absolute ? Activations.unary(e, "Abs", e.input(0)) : e.squared(e.input(0));
        String total = e.sum(parts, true, axis);
        e.put(0, e.divide(e.input(0), absolute ? total : Activations.unary(e, "Sqrt", total)));
    }

    /** Softmax of a sum, as runtimes fuse it. */
    static void biasSoftmax(Expansion e) {
        String sum = e.add(e.input(0), e.input(1));
        e.put(0, e.single(Nodes.softmax(sum, e.node().intAttribute("axis", 1), "")));
    }
}
