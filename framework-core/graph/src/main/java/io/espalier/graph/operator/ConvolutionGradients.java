package io.espalier.graph.operator;

import io.espalier.graph.symbol.Dim;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Gradients of convolutions, in operators that have gradients themselves: a convolution or a transposed one for the operand,
 * and matrix products for the weight ({@link WeightGradient}).
 */
final class ConvolutionGradients {

    /** A product takes as many steps an element as the window has positions. */
    private static final int MOST_BY_PRODUCT = 32;

    private ConvolutionGradients() {}

    static void convolution(Backward b) {
        Window window = Window.of(b.view(), b.shape(1));
        if (b.wants(0)) {
            b.put(0, byOperand(b, b.gradient(), b.input(1), b.shape(1), window, b.input(0), b.shapeOf(b.output(0))));
        }
        if (b.wants(1)) {
            b.put(1, WeightGradient.of(b, operand(b), arriving(b), b.shape(1), window));
        }
        if (b.wants(2)) {
            b.put(2, ChannelSums.of(b, b.gradient(), b.rank(0)));
        }
    }

    static void transposed(Backward b) {
        Window window = TransposedWindow.of(b.view(), b.shape(1));
        if (b.wants(0)) {
            String whole = b.single(Nodes.convolution(b.gradient(), b.input(1), window, ""));
            boolean extra = b.node().intsAttribute("output_padding").orElse(List.of()).stream()
                    .anyMatch(each -> each != 0);
            b.put(0, extra ? cropped(b, whole, b.input(0)) : whole);
        }
        if (b.wants(1)) {
            b.put(1, WeightGradient.of(b, arriving(b), operand(b), b.shape(1), window));
        }
        if (b.wants(2)) {
            b.put(2, ChannelSums.of(b, b.gradient(), b.rank(0)));
        }
    }

    private static Shaped operand(Backward b) {
        return new Shaped(b.input(0), b.shape(0));
    }

    private static Shaped arriving(Backward b) {
        return new Shaped(b.gradient(), b.shapeOf(b.output(0)));
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
        return e.slice(value, e.vector(new long[spatial]), ends, e.vector(axes), e.vector(repeated(1, spatial)));
    }

    private static long[] repeated(long value, int count) {
        return LongStream.generate(() -> value).limit(count).toArray();
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
        long[] kernel = shape.stream().skip(2).mapToLong(Dim::constant).toArray();
        String reversed = reversed(e, weight, shape, kernel);
        int rank = shape.size();
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

    /** A weight with the window reversed: by a product, which runtimes compute faster than a slice that goes backwards. */
    private static String reversed(Emitter e, String weight, List<Dim> shape, long[] kernel) {
        int positions = Math.toIntExact(Arrays.stream(kernel).reduce(1, Math::multiplyExact));
        if (positions == 1) {
            return weight;
        }
        if (positions <= MOST_BY_PRODUCT) {
            String rows = e.multiplyMatrices(e.reshape(weight, -1, positions), e.constant(exchange(positions)));
            return e.reshape(rows, shape.stream().mapToLong(Dim::constant).toArray());
        }
        int spatial = kernel.length;
        String axes = e.vector(LongStream.range(2, 2 + spatial).toArray());
        String backwards = e.vector(repeated(-1, spatial));
        return e.slice(weight, backwards, e.vector(repeated(Long.MIN_VALUE + 1, spatial)), axes, backwards);
    }

    /** The matrix that reverses the order of elements. */
    private static Tensor exchange(int count) {
        double[] values = new double[count * count];
        for (int row = 0; row < count; row++) {
            values[row * count + count - 1 - row] = 1;
        }
        return Tensors.fromDoubles(DataType.FLOAT32, List.of((long) count, (long) count), values);
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
}
