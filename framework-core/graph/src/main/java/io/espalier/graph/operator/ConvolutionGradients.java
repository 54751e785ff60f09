package io.espalier.graph.operator;

import io.espalier.graph.symbol.Dim;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Gradients of convolutions, in operators that have gradients themselves: a convolution or a transposed one for the operand,
 * and a batch of matrix products for each position of the window for the weight.
 */
final class ConvolutionGradients {

    private ConvolutionGradients() {}

    static void convolution(Backward b) {
        Window window = Window.of(b.view(), b.shape(1));
        if (b.wants(0)) {
            b.put(0, byOperand(b, b.gradient(), b.input(1), b.shape(1), window, b.input(0), b.shapeOf(b.output(0))));
        }
        if (b.wants(1)) {
            b.put(1, byWeight(b, b.input(0), b.shape(0), b.gradient(), b.shapeOf(b.output(0)), b.shape(1), window));
        }
        if (b.wants(2)) {
            b.put(2, ChannelSums.of(b, b.gradient(), b.rank(0)));
        }
    }

    static void transposed(Backward b) {
        Window window = Window.of(b.view(), b.shape(1));
        if (!b.node().textAttribute("auto_pad", "NOTSET").equals("NOTSET")
                || b.node().intsAttribute("output_shape").isPresent()) {
            throw new MisfitException("its padding follows from the shape of the output");
        }
        if (b.wants(0)) {
            String whole = b.single(Nodes.convolution(b.gradient(), b.input(1), window, ""));
            boolean extra = b.node().intsAttribute("output_padding").orElse(List.of()).stream()
                    .anyMatch(each -> each != 0);
            b.put(0, extra ? cropped(b, whole, b.input(0)) : whole);
        }
        if (b.wants(1)) {
            b.put(1, byWeight(b, b.gradient(), b.shapeOf(b.output(0)), b.input(0), b.shape(0), b.shape(1), window));
        }
        if (b.wants(2)) {
            b.put(2, ChannelSums.of(b, b.gradient(), b.rank(0)));
        }
    }

    /** The first positions of a value, as many as another one has. */
    private static String cropped(Emitter e, String value, String like) {
        int spatial = e.shapeOf(like).size() - 2;
        long[] axes = LongStream.range(2, 2 + spatial).toArray();
        String ends = e.shapeOf(like).stream().skip(2).allMatch(Dim::isConstant)
                ? e.vector(e.shapeOf(like).stream()
                        .skip(2)
                        .mapToLong(Dim::constant)
                        .toArray())
                : e.extents(like, 2, 2 + spatial);
        return e.slice(value, e.vector(new long[spatial]), ends, e.vector(axes), e.vector(ones(spatial)));
    }

    private static long[] ones(int count) {
        long[] ones = new long[count];
        Arrays.fill(ones, 1);
        return ones;
    }

    /**
     * The gradient by the operand of a convolution.
     *
     * @param like a value of the shape of the operand
     */
    static String byOperand(
            Emitter e,
            String gradient,
            String weight,
            List<Dim> weightShape,
            Window window,
            String like,
            List<Dim> output) {
        boolean unit = window.strides().stream().allMatch(stride -> stride == 1);
        if (unit && window.canTurn()) {
            String turned = turned(e, weight, weightShape, window.groups());
            return e.single(Nodes.convolution(gradient, turned, window.turned(), ""));
        }
        List<Dim> input = e.shapeOf(like);
        long[] extra = new long[window.kernel().size()];
        boolean crop = false;
        for (int axis = 0; axis < extra.length; axis++) {
            Dim in = input.get(axis + 2);
            Dim missing = in.minus(window.spread(axis, output.get(axis + 2)));
            boolean known = missing.isConstant();
            extra[axis] = known ? missing.constant() : window.strides().get(axis) - 1;
            crop |= !known;
        }
        String spread = e.single(Nodes.transposed(gradient, weight, window, extra, ""));
        return crop ? cropped(e, spread, like) : spread;
    }

    /** A weight with inputs and outputs exchanged within each group, and the window reversed. */
    private static String turned(Emitter e, String weight, List<Dim> shape, long groups) {
        int rank = shape.size();
        int spatial = rank - 2;
        String reversed = weight;
        long[] kernel = shape.stream().skip(2).mapToLong(Dim::constant).toArray();
        if (Arrays.stream(kernel).anyMatch(extent -> extent > 1)) {
            long[] starts = new long[spatial];
            long[] ends = new long[spatial];
            long[] steps = new long[spatial];
            Arrays.fill(starts, -1);
            Arrays.fill(ends, Long.MIN_VALUE + 1);
            Arrays.fill(steps, -1);
            String axes = e.vector(LongStream.range(2, rank).toArray());
            reversed = e.slice(weight, e.vector(starts), e.vector(ends), axes, e.vector(steps));
        }
        if (groups == 1) {
            return e.transpose(reversed, exchanged(rank, 0, 1));
        }
        long outputs = shape.get(0).constant() / groups;
        long inputs = shape.get(1).constant();
        if (outputs == 1 && inputs == 1) {
            return reversed;
        }
        String grouped = e.reshape(reversed, with(kernel, groups, outputs, inputs));
        String exchanged = e.transpose(grouped, exchanged(rank + 1, 1, 2));
        return e.reshape(exchanged, with(kernel, groups * inputs, outputs));
    }

    private static int[] exchanged(int rank, int first, int second) {
        int[] permutation = IntStream.range(0, rank).toArray();
        permutation[first] = second;
        permutation[second] = first;
        return permutation;
    }

    private static long[] with(long[] kernel, long... leading) {
        return LongStream.concat(Arrays.stream(leading), Arrays.stream(kernel)).toArray();
    }

    /**
     * The gradient by the weight of a convolution: for each position of the window, what lies under it times what arrives.
     *
     * @param operand what the window slides over
     * @param arriving the gradient by the result
     */
    static String byWeight(
            Emitter e,
            String operand,
            List<Dim> operandShape,
            String arriving,
            List<Dim> resultShape,
            List<Dim> weightShape,
            Window window) {
        long groups = window.groups();
        long outputs = weightShape.get(0).constant() / groups;
        long inputs = weightShape.get(1).constant();
        boolean single = outputs == 1 && inputs == 1;
        String padded = padded(e, operand, operandShape.size(), window);
        String errors = single ? arriving : e.reshape(arriving, rows(groups, outputs));
        List<String> taps = new ArrayList<>();
        for (long[] position : window.positions()) {
            String under = under(e, padded, arriving, resultShape, position, window);
            taps.add(
                    single
                            ? products(e, under, errors, groups, resultShape.size())
                            : tap(e, under, errors, groups, inputs));
        }
        String stacked = taps.size() == 1 ? taps.get(0) : stacked(e, taps);
        return e.reshapeTo(
                stacked, e.vector(weightShape.stream().mapToLong(Dim::constant).toArray()));
    }

    private static String padded(Emitter e, String operand, int rank, Window window) {
        if (window.pads().stream().allMatch(pad -> pad == 0)) {
            return operand;
        }
        long[] amounts = new long[2 * rank];
        int spatial = rank - 2;
        for (int axis = 0; axis < spatial; axis++) {
            amounts[axis + 2] = window.pads().get(axis);
            amounts[axis + 2 + rank] = window.pads().get(axis + spatial);
        }
        return e.compute(Nodes::pad, operand, e.vector(amounts));
    }

    private static long[] rows(long groups, long each) {
        return groups == 1 ? new long[] {0, each, -1} : new long[] {0, groups, each, -1};
    }

    /** What lies under one position of the window, wherever the window is. */
    private static String under(
            Emitter e, String padded, String arriving, List<Dim> result, long[] position, Window window) {
        int spatial = position.length;
        boolean pointwise = Arrays.stream(position).allMatch(each -> each == 0)
                && window.positions().size() == 1
                && window.strides().stream().allMatch(stride -> stride == 1);
        if (pointwise) {
            return padded;
        }
        long[] starts = new long[spatial];
        long[] ends = new long[spatial];
        boolean known = true;
        for (int axis = 0; axis < spatial; axis++) {
            Dim extent = result.get(axis + 2);
            starts[axis] = position[axis] * window.dilations().get(axis);
            known &= extent.isConstant();
            ends[axis] = extent.isConstant()
                    ? starts[axis] + (extent.constant() - 1) * window.strides().get(axis) + 1
                    : 0;
        }
        String end = known ? e.vector(ends) : endsAtRunTime(e, arriving, starts, window);
        String axes = e.vector(LongStream.range(2, 2 + spatial).toArray());
        String steps =
                e.vector(window.strides().stream().mapToLong(Long::longValue).toArray());
        return e.slice(padded, e.vector(starts), end, axes, steps);
    }

    private static String endsAtRunTime(Emitter e, String arriving, long[] starts, Window window) {
        String extents = e.extents(arriving, 2, 2 + starts.length);
        long[] strides = window.strides().stream().mapToLong(Long::longValue).toArray();
        String moved = e.multiply(e.subtract(extents, e.vector(ones(starts.length))), e.vector(strides));
        return e.add(moved, e.vector(Arrays.stream(starts).map(each -> each + 1).toArray()));
    }

    /** Outputs by inputs, of each group, summed over the examples. */
    private static String tap(Emitter e, String under, String errors, long groups, long inputs) {
        String columns = e.reshape(under, rows(groups, inputs));
        int rank = groups == 1 ? 3 : 4;
        return e.sum(e.multiplyMatrices(errors, e.turned(columns, rank)), false, 0);
    }

    /** Of a convolution by channel: one product a channel. */
    private static String products(Emitter e, String under, String errors, long groups, int rank) {
        return ChannelSums.of(e, e.multiply(under, errors), rank);
    }

    /** One behind the other along a last axis. */
    private static String stacked(Emitter e, List<String> taps) {
        return e.concatenate(-1, taps.stream().map(tap -> e.unsqueeze(tap, -1)).toArray(String[]::new));
    }
}
