package io.espalier.graph.operator;

import io.espalier.graph.symbol.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The gradient by the weight of a convolution over batches of known size: channels first and examples last, so that what lies under a
 * position of the window is copied in runs as long as the batch. A few positions at a time are gathered under each other and multiplied with
 * what arrives; runtimes share both among threads, which they do not with slices.
 *
 * <p>Measured on ResNet-18 and ResNet-20 (docs/benchmarks/README.md): a step of training is a tenth faster on two threads and 2 % slower on
 * one. For batches below 32 the runs are short, and {@link WeightGradient} has faster forms.
 */
final class StackedWeightGradient {

    private static final long LEAST_BATCH = 32;
    private static final int POSITIONS_AT_ONCE = 3;

    private final Emitter e;
    private final Window window;
    private final long[] places;
    private final long[] padded;

    private StackedWeightGradient(Emitter e, Window window, long[] places, long[] padded) {
        this.e = e;
        this.window = window;
        this.places = places;
        this.padded = padded;
    }

    /** Whether all extents are known, and the batch is large enough to be faster. */
    static boolean fits(Shaped operand, Shaped arriving) {
        return operand.shape().stream().allMatch(Dim::isConstant)
                && arriving.shape().stream().allMatch(Dim::isConstant)
                && arriving.shape().get(0).constant() >= LEAST_BATCH;
    }

    /**
     * Emits the gradient of a convolution without groups.
     *
     * @param operand what the window slides over
     * @param arriving the gradient by the result
     * @param weight the shape of the weight
     */
    static String of(Emitter e, Shaped operand, Shaped arriving, long[] weight, Window window) {
        int spatial = weight.length - 2;
        long[] padded = IntStream.range(0, spatial)
                .mapToLong(axis -> operand.shape().get(axis + 2).constant()
                        + window.pads().get(axis)
                        + window.pads().get(axis + spatial))
                .toArray();
        long[] places =
                arriving.shape().stream().skip(2).mapToLong(Dim::constant).toArray();
        return new StackedWeightGradient(e, window, places, padded).of(operand.value(), arriving.value(), weight);
    }

    private String of(String operand, String arriving, long[] weight) {
        long outputs = weight[0];
        long inputs = weight[1];
        int[] examplesLast = IntStream.concat(IntStream.range(1, weight.length), IntStream.of(0))
                .toArray();
        String errors = e.reshape(e.transpose(arriving, examplesLast), outputs, -1);
        String flat = e.reshape(
                PaddedOperand.of(e, e.transpose(operand, examplesLast), window, 1), inputs, product(padded), -1);
        List<String> parts = new ArrayList<>();
        List<long[]> positions = window.positions();
        for (int first = 0; first < positions.size(); first += POSITIONS_AT_ONCE) {
            List<long[]> some = positions.subList(first, Math.min(positions.size(), first + POSITIONS_AT_ONCE));
            String rows = e.reshape(e.gather(flat, e.vector(under(some)), 1), inputs * some.size(), -1);
            String products = e.multiplyMatrices(rows, false, errors, true);
            parts.add(e.reshape(products, inputs, some.size(), outputs));
        }
        String all = parts.size() == 1 ? parts.get(0) : e.concatenate(1, parts.toArray(String[]::new));
        return e.reshape(e.transpose(all, 2, 0, 1), weight);
    }

    /** Where, among the places of the padded operand, the window sees each position from each place of the result. */
    private long[] under(List<long[]> positions) {
        return positions.stream().flatMapToLong(this::under).toArray();
    }

    private LongStream under(long[] position) {
        long[] seen = {0};
        for (int axis = 0; axis < places.length; axis++) {
            long[] before = seen;
            long start = position[axis] * window.dilations().get(axis);
            long stride = window.strides().get(axis);
            long extent = padded[axis];
            long count = places[axis];
            seen = LongStream.of(before)
                    .flatMap(row -> LongStream.range(0, count).map(place -> row * extent + start + place * stride))
                    .toArray();
        }
        return LongStream.of(seen);
    }

    private static long product(long[] extents) {
        return LongStream.of(extents).reduce(1, Math::multiplyExact);
    }
}
