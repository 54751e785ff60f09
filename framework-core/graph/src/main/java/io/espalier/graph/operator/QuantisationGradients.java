package io.espalier.graph.operator;

import io.espalier.graph.symbol.Dim;
import java.util.List;
import java.util.stream.LongStream;

/** Gradients of quantisation: straight through the rounding (arXiv 1308.3432), and none where a value was limited. */
final class QuantisationGradients {

    /** A half, and what single precision may add: what is further away was limited. */
    private static final double MOST_ROUNDED = 0.505;

    private QuantisationGradients() {}

    static void quantise(Backward b) {
        requireWhole(b);
        String exact = b.divide(b.input(0), along(b, 1));
        String distance = Activations.unary(b, "Abs", b.subtract(exact, centred(b, b.output(0))));
        String rounded = Activations.above(b, b.scalar(MOST_ROUNDED), distance);
        String passing = b.where(rounded, b.divide(b.gradient(), along(b, 1)));
        b.put(0, passing);
        if (b.wants(1)) {
            bySetting(b, b.negate(b.multiply(passing, exact)));
        }
    }

    static void dequantise(Backward b) {
        requireWhole(b);
        b.put(0, b.multiply(b.gradient(), along(b, 1)));
        if (b.wants(1)) {
            bySetting(b, b.multiply(b.gradient(), centred(b, b.input(0))));
        }
    }

    /** Integers as numbers, counted from the zero point. */
    private static String centred(Backward b, String integers) {
        String real = b.real(integers);
        return b.has(2) ? b.subtract(real, alongAxis(b, 2, b.real(b.input(2)))) : real;
    }

    private static void requireWhole(Backward b) {
        if (b.node().intAttribute("block_size", 0) != 0) {
            throw new MisfitException("it has a scale for each block");
        }
    }

    /** Hands over the gradient by the scale, which counts along an axis or everywhere. */
    private static void bySetting(Backward b, String products) {
        int rank = b.rank(0);
        int kept = isVector(b, 1) ? b.view().axis("axis", 1, rank) : -1;
        long[] others = LongStream.range(0, rank).filter(axis -> axis != kept).toArray();
        b.put(1, b.reshapeLike(b.sum(products, false, others), b.input(1)));
    }

    /** A scale as a factor of the operand: a vector lies along the axis that the node names. */
    private static String along(Backward b, int slot) {
        return alongAxis(b, slot, b.input(slot));
    }

    private static String alongAxis(Backward b, int slot, String setting) {
        int rank = b.rank(0);
        if (!isVector(b, slot)) {
            return setting;
        }
        int axis = b.view().axis("axis", 1, rank);
        return b.unsqueeze(setting, LongStream.range(1, rank - axis).toArray());
    }

    private static boolean isVector(Backward b, int slot) {
        List<Dim> shape = b.shape(slot);
        return shape.size() == 1 && !shape.get(0).is(1) && b.rank(0) > 1;
    }
}
