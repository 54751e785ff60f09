package io.espalier.graph.operator;

import io.espalier.graph.symbol.Dim;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The gradient by the weight of a convolution: for each position of the window, what lies under it times what arrives, summed over
 * all places of the window and all examples. Each kind of window has the form that runtimes compute fastest:
 *
 * <ul>
 *   <li>examples last where the batch is large ({@link StackedWeightGradient});
 *   <li>channels last, and one product of matrices a position, whose sum runs over places and examples at once;
 *   <li>the same with products of elements where each channel has a window of its own;
 *   <li>one product an example, summed afterwards, where that is smaller than the operands, and for groups.
 * </ul>
 */
final class WeightGradient {

    /** Channels last are cut out element by element when they are fewer. */
    private static final long FEW_CHANNELS = 8;

    private final Emitter e;
    private final Shaped operand;
    private final Shaped arriving;
    private final Window window;
    private final long[] weight;
    private final int spatial;
    private final long groups;
    private final long outputs;
    private final long inputs;

    private WeightGradient(Emitter e, Shaped operand, Shaped arriving, List<Dim> weight, Window window) {
        this.e = e;
        this.operand = operand;
        this.arriving = arriving;
        this.window = window;
        this.weight = weight.stream().mapToLong(Dim::constant).toArray();
        this.spatial = weight.size() - 2;
        this.groups = window.groups();
        this.outputs = this.weight[0] / groups;
        this.inputs = this.weight[1];
    }

    /**
     * Emits the gradient.
     *
     * @param operand what the window slides over
     * @param arriving the gradient by the result
     * @param weight the shape of the weight
     */
    static String of(Emitter e, Shaped operand, Shaped arriving, List<Dim> weight, Window window) {
        WeightGradient gradient = new WeightGradient(e, operand, arriving, weight, window);
        if (gradient.outputs == 1 && gradient.inputs == 1) {
            return gradient.byChannel();
        }
        if (gradient.isSmallByExample()) {
            return gradient.byExample();
        }
        boolean stacked = window.positions().size() > 1 && StackedWeightGradient.fits(operand, arriving);
        return stacked ? StackedWeightGradient.of(e, operand, arriving, gradient.weight, window) : gradient.atOnce();
    }

    private boolean isSmallByExample() {
        if (groups > 1 || window.positions().size() > 1) {
            return groups > 1 || inputs < FEW_CHANNELS;
        }
        double places = arriving.shape().stream()
                .skip(2)
                .mapToDouble(extent -> extent.isConstant() ? extent.constant() : Double.POSITIVE_INFINITY)
                .reduce(1, (a, b) -> a * b);
        return outputs * inputs <= places * (outputs + inputs);
    }

    /** Channels last; the product of matrices sums over places and examples. */
    private String atOnce() {
        String errors = e.reshape(e.transpose(arriving.value(), exchanged()), outputs, -1);
        String padded = PaddedOperand.of(e, e.transpose(operand.value(), channelsLast()), window, 1);
        List<String> taps = new ArrayList<>();
        for (long[] position : window.positions()) {
            String rows = e.reshape(under(padded, position, 1), -1, inputs);
            taps.add(e.multiplyMatrices(errors, rows));
        }
        return spread(joined(taps, 1), outputs, taps.size(), inputs);
    }

    /** Of a convolution by channel: one product an element. */
    private String byChannel() {
        String errors = e.transpose(arriving.value(), channelsLast());
        String padded = PaddedOperand.of(e, e.transpose(operand.value(), channelsLast()), window, 1);
        List<String> taps = new ArrayList<>();
        for (long[] position : window.positions()) {
            String products = e.multiply(under(padded, position, 1), errors);
            taps.add(e.unsqueeze(e.sumOfRows(e.reshape(products, -1, groups)), 0));
        }
        return shaped(e.transpose(joined(taps, 0), 1, 0));
    }

    /** One product of matrices an example and a group, for all positions together. */
    private String byExample() {
        String errors = e.reshape(arriving.value(), rows(outputs));
        String padded = PaddedOperand.of(e, operand.value(), window, 2);
        List<String> taps = new ArrayList<>();
        for (long[] position : window.positions()) {
            taps.add(e.reshape(under(padded, position, 2), rows(inputs)));
        }
        int axis = groups == 1 ? 1 : 2;
        String columns = e.turned(joined(taps, axis), axis + 2);
        String products = e.reshape(e.multiplyMatrices(errors, columns), 0, -1);
        return spread(e.sumOfRows(products), outputs * groups, taps.size(), inputs);
    }

    private long[] rows(long each) {
        return groups == 1 ? new long[] {0, each, -1} : new long[] {0, groups, each, -1};
    }

    private String joined(List<String> taps, int axis) {
        return taps.size() == 1 ? taps.get(0) : e.concatenate(axis, taps.toArray(String[]::new));
    }

    /** From outputs by positions by inputs to the shape of the weight. */
    private String spread(String products, long rows, long positions, long columns) {
        return shaped(positions == 1 ? products : e.transpose(e.reshape(products, rows, positions, columns), 0, 2, 1));
    }

    private String shaped(String value) {
        return e.reshape(value, weight);
    }

    private int[] exchanged() {
        int[] permutation = IntStream.range(0, spatial + 2).toArray();
        permutation[0] = 1;
        permutation[1] = 0;
        return permutation;
    }

    private int[] channelsLast() {
        int[] permutation =
                IntStream.range(0, spatial + 2).map(axis -> axis + 1).toArray();
        permutation[0] = 0;
        permutation[spatial + 1] = 1;
        return permutation;
    }

    /** What lies under one position of the window, wherever the window is. */
    private String under(String padded, long[] position, int first) {
        boolean pointwise =
                window.positions().size() == 1 && window.strides().stream().allMatch(stride -> stride == 1);
        if (pointwise) {
            return padded;
        }
        long[] starts = new long[spatial];
        long[] ends = new long[spatial];
        boolean known = true;
        for (int axis = 0; axis < spatial; axis++) {
            Dim extent = arriving.shape().get(axis + 2);
            starts[axis] = position[axis] * window.dilations().get(axis);
            known &= extent.isConstant();
            ends[axis] = extent.isConstant()
                    ? starts[axis] + (extent.constant() - 1) * window.strides().get(axis) + 1
                    : 0;
        }
        String end = known ? e.vector(ends) : endsAtRunTime(starts);
        String axes = e.vector(LongStream.range(first, first + spatial).toArray());
        return e.slice(padded, e.vector(starts), end, axes, e.vector(strides()));
    }

    private String endsAtRunTime(long[] starts) {
        String extents = e.extents(arriving.value(), 2, 2 + spatial);
        String last = e.subtract(
                extents, e.vector(LongStream.generate(() -> 1).limit(spatial).toArray()));
        String moved = e.multiply(last, e.vector(strides()));
        return e.add(moved, e.vector(Arrays.stream(starts).map(each -> each + 1).toArray()));
    }

    private long[] strides() {
        return window.strides().stream().mapToLong(Long::longValue).toArray();
    }
}
