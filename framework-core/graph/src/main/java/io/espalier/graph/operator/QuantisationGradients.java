package io.espalier.graph.operator;

import io.espalier.graph.symbol.Dim;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Gradients of quantisation: straight through the rounding (arXiv 1308.3432), and none where a value was limited. */
final class QuantisationGradients {

    /** A half, and what single precision may add: what is further away was limited. */
    private static final double MOST_ROUNDED = 0.505;

    private QuantisationGradients() {}

    static void quantise(Backward b) {
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

    /** Hands over the gradient by the scale, which counts along an axis, in a block of it, or everywhere. */
    private static void bySetting(Backward b, String products) {
        int rank = b.rank(0);
        if (block(b) > 0) {
            b.put(1, sumOfBlocks(b, products, b.view().axis("axis", 1, rank)));
            return;
        }
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
        int axis = b.view().axis("axis", 1, rank);
        if (block(b) > 0) {
            return repeated(b, setting, axis);
        }
        if (!isVector(b, slot)) {
            return setting;
        }
        return b.unsqueeze(setting, LongStream.range(1, rank - axis).toArray());
    }

    /** How many positions of the axis share a scale, 0 for all. */
    private static long block(Backward b) {
        return b.node().intAttribute("block_size", 0);
    }

    /** The scale of each position of an axis. */
    private static String repeated(Backward b, String setting, int axis) {
        String extent = b.squeeze(b.extents(b.input(0), axis, axis + 1), 0);
        String positions = b.compute("Range", List.of(b.constantIndex(0), extent, b.constantIndex(1)), Map.of());
        return b.gather(setting, b.divide(positions, b.constantIndex(block(b))), axis);
    }

    /** The sum over the positions of each block, the last of which may be shorter. */
    private static String sumOfBlocks(Backward b, String value, int axis) {
        int rank = b.rank(0);
        String blocks = b.extents(b.input(1), axis, axis + 1);
        String whole = ImageGradients.resized(b, value, axis, b.multiply(blocks, b.vector(block(b))));
        String extents = b.concatenate(
                0, b.extents(b.input(1), 0, axis + 1), b.vector(block(b)), b.extents(b.input(1), axis + 1, rank));
        return b.sum(b.reshapeTo(whole, extents), false, axis + 1L);
    }

    private static boolean isVector(Backward b, int slot) {
        List<Dim> shape = b.shape(slot);
        return shape.size() == 1 && !shape.get(0).is(1) && b.rank(0) > 1;
    }
}
