package io.espalier.testkit.model;

import io.espalier.spi.graph.Dimension;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Operators without parameters of their own. */
abstract class OperatorBuilder extends GraphRecorder {

    OperatorBuilder(String name, long seed) {
        super(name, seed);
    }

    OperatorBuilder(String name, GraphRecorder around) {
        super(name, around);
    }

    /** An operator on single elements of one operand, such as {@code Sigmoid}. */
    public String unary(String operator, String x) {
        return like(x, node(operator, List.of(x)));
    }

    /** An operator on pairs of elements, with broadcasting, such as {@code Mul}. */
    public String binary(String operator, String left, String right) {
        String result = node(operator, List.of(left, right));
        followed(left).ifPresent(a -> followed(right).ifPresent(b -> follow(result, Shapes.broadcast(a, b))));
        return result;
    }

    public String relu(String x) {
        return unary("Relu", x);
    }

    /** ReLU6, as PyTorch exports it. */
    public String relu6(String x) {
        return like(x, node("Clip", List.of(x, scalar(0), scalar(6))));
    }

    public String add(String left, String right) {
        return binary("Add", left, right);
    }

    /** The sum of operands of one shape, by one operator. */
    public String sum(String... operands) {
        return like(operands[0], node("Sum", List.of(operands)));
    }

    public String mul(String left, String right) {
        return binary("Mul", left, right);
    }

    public String softmax(String x, int axis) {
        return like(x, node("Softmax", List.of(x), "axis", axis));
    }

    public String maxPool(String x, Window window) {
        return pool("MaxPool", x, window);
    }

    public String averagePool(String x, Window window) {
        return pool("AveragePool", x, window);
    }

    private String pool(String operator, String x, Window window) {
        int spatial = rank(x) - 2;
        String result = node(
                operator,
                List.of(x),
                "kernel_shape",
                repeat(window.kernel(), spatial),
                "pads",
                repeat(window.pad(), 2 * spatial),
                "strides",
                repeat(window.stride(), spatial));
        return follow(result, Shapes.window(shape(x), shape(x).get(1), window));
    }

    public String globalAveragePool(String x) {
        List<Dimension> shape = new ArrayList<>(shape(x).subList(0, 2));
        while (shape.size() < rank(x)) {
            shape.add(new Dimension.Fixed(1));
        }
        return follow(node("GlobalAveragePool", List.of(x)), shape);
    }

    /** The mean over axes, which stay with extent 1 when {@code keep} is set. */
    public String mean(String x, boolean keep, long... axes) {
        String result = node("ReduceMean", List.of(x, longs(axes)), "keepdims", keep ? 1 : 0);
        List<Dimension> shape = new ArrayList<>(shape(x));
        for (long axis : descending(axes, rank(x))) {
            if (keep) {
                shape.set((int) axis, new Dimension.Fixed(1));
            } else {
                shape.remove((int) axis);
            }
        }
        return follow(result, shape);
    }

    public String flatten(String x, int axis) {
        return follow(node("Flatten", List.of(x), "axis", axis), Shapes.flatten(shape(x), axis));
    }

    public String concat(int axis, String... parts) {
        String result = node("Concat", List.of(parts), "axis", axis);
        List<Dimension> first = shape(parts[0]);
        int at = axis < 0 ? axis + first.size() : axis;
        Dimension sum =
                Shapes.sum(Arrays.stream(parts).map(part -> shape(part).get(at)).toList());
        return follow(result, Shapes.with(first, at, sum));
    }

    /** Parts of given extents. */
    public List<String> split(String x, int axis, long... extents) {
        int at = axis < 0 ? axis + rank(x) : axis;
        List<String> parts = nodes("Split", List.of(x, longs(extents)), extents.length, "axis", axis);
        for (int i = 0; i < extents.length; i++) {
            follow(parts.get(i), Shapes.with(shape(x), at, new Dimension.Fixed(extents[i])));
        }
        return parts;
    }

    /** Elements {@code start, start + step, ...} before {@code end} along one axis. */
    public String slice(String x, int axis, long start, long end, long step) {
        String result = node("Slice", List.of(x, longs(start), longs(end), longs(axis), longs(step)));
        int at = axis < 0 ? axis + rank(x) : axis;
        if (!(shape(x).get(at) instanceof Dimension.Fixed)) {
            return follow(result, Shapes.with(shape(x), at, new Dimension.Unknown()));
        }
        long count = sliceCount(extent(x, at), start, end, step);
        return follow(result, Shapes.with(shape(x), at, new Dimension.Fixed(count)));
    }

    /** Number of elements that an ONNX Slice takes from an axis. */
    static long sliceCount(long extent, long start, long end, long step) {
        long low = step > 0 ? 0 : -1;
        long first = clamp(start < 0 ? start + extent : start, 0, step > 0 ? extent : extent - 1);
        long last = clamp(end < 0 ? end + extent : end, low, extent);
        return Math.max(0, (last - first + step - Long.signum(step)) / step);
    }

    private static long clamp(long value, long low, long high) {
        return Math.max(low, Math.min(high, value));
    }

    /** Reshape by a constant: 0 copies an extent, -1 absorbs what is left. */
    public String reshape(String x, long... target) {
        String result = node("Reshape", List.of(x, longs(target)));
        return follow(result, Shapes.reshape(shape(x), target));
    }

    /**
     * Reshape whose target is put together at run time, as PyTorch exports {@code x.view(x.size(0), ...)}.
     *
     * @param parts numbers, or int64 values of rank 0
     */
    public String reshapeTo(String x, Object... parts) {
        List<String> pieces = new ArrayList<>(parts.length);
        for (Object part : parts) {
            pieces.add(
                    part instanceof Number number
                            ? longs(number.longValue())
                            : node("Unsqueeze", List.of((String) part, longs(0))));
        }
        return node("Reshape", List.of(x, node("Concat", pieces, "axis", 0)));
    }

    /** The extent of an axis at run time, an int64 of rank 0. */
    public String sizeOf(String x, long axis) {
        return node("Gather", List.of(node("Shape", List.of(x)), index(axis)), "axis", 0);
    }

    /** An int64 of rank 0. */
    public String index(long value) {
        return constant(Tensors.longs(List.of(), value));
    }

    public String transpose(String x, long... order) {
        String result = node("Transpose", List.of(x), "perm", order);
        return follow(result, Shapes.permute(shape(x), Tensors.shape(order)));
    }

    public String unsqueeze(String x, long... axes) {
        String result = node("Unsqueeze", List.of(x, longs(axes)));
        List<Dimension> shape = new ArrayList<>(shape(x));
        for (long axis : Arrays.stream(axes).sorted().toArray()) {
            shape.add((int) axis, new Dimension.Fixed(1));
        }
        return follow(result, shape);
    }

    public String squeeze(String x, long... axes) {
        String result = node("Squeeze", List.of(x, longs(axes)));
        List<Dimension> shape = new ArrayList<>(shape(x));
        for (long axis : descending(axes, shape.size())) {
            shape.remove((int) axis);
        }
        return follow(result, shape);
    }

    /** One index of an axis, which disappears. */
    public String pick(String x, int axis, long position) {
        List<Dimension> shape = new ArrayList<>(shape(x));
        shape.remove(axis < 0 ? axis + shape.size() : axis);
        return follow(node("Gather", List.of(x, index(position)), "axis", axis), shape);
    }

    /** The indices named by a constant vector. */
    public String gather(String x, int axis, long... positions) {
        int at = axis < 0 ? axis + rank(x) : axis;
        String result = node("Gather", List.of(x, longs(positions)), "axis", axis);
        return follow(result, Shapes.with(shape(x), at, new Dimension.Fixed(positions.length)));
    }

    public String matMul(String left, String right) {
        String result = node("MatMul", List.of(left, right));
        List<Dimension> a = shape(left);
        List<Dimension> b = shape(right);
        List<Dimension> shape =
                new ArrayList<>(Shapes.broadcast(a.subList(0, a.size() - 2), b.subList(0, b.size() - 2)));
        shape.add(a.get(a.size() - 2));
        shape.add(b.get(b.size() - 1));
        return follow(result, shape);
    }

    /** Twice the height and width, nearest neighbour. */
    public String upsample(String x) {
        String scales = constant(Tensors.floats(List.of(4L), 1, 1, 2, 2));
        String result = node(
                "Resize",
                List.of(x, "", scales),
                "mode",
                "nearest",
                "nearest_mode",
                "floor",
                "coordinate_transformation_mode",
                "asymmetric");
        return follow(result, shape(x).get(0), shape(x).get(1), doubled(shape(x).get(2)), doubled(shape(x).get(3)));
    }

    static Dimension doubled(Dimension extent) {
        return extent instanceof Dimension.Fixed fixed
                ? new Dimension.Fixed(2 * fixed.extent())
                : new Dimension.Unknown();
    }

    /** Channels into space; {@code mode} is {@code DCR} or {@code CRD}. */
    public String depthToSpace(String x, long block, String mode) {
        String result = node("DepthToSpace", List.of(x), "blocksize", block, "mode", mode);
        return follow(
                result, shape(x).get(0), extent(x, 1) / (block * block), extent(x, 2) * block, extent(x, 3) * block);
    }

    final String like(String x, String result) {
        followed(x).ifPresent(shape -> follow(result, shape));
        return result;
    }

    static long[] repeat(long value, int times) {
        long[] values = new long[times];
        Arrays.fill(values, value);
        return values;
    }

    private static long[] descending(long[] axes, int rank) {
        long[] sorted = Arrays.stream(axes)
                .map(axis -> axis < 0 ? axis + rank : axis)
                .sorted()
                .toArray();
        for (int i = 0, j = sorted.length - 1; i < j; i++, j--) {
            long swapped = sorted[i];
            sorted[i] = sorted[j];
            sorted[j] = swapped;
        }
        return sorted;
    }
}
