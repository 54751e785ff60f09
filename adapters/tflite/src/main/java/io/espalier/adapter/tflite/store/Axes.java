package io.espalier.adapter.tflite.store;

import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * An order of axes: where in the other layout each axis of this one is found.
 *
 * @param order for each axis of the result, the axis of the source
 */
public record Axes(List<Integer> order) {

    public Axes {
        order = List.copyOf(order);
    }

    public static Axes of(int... order) {
        List<Integer> axes = new ArrayList<>();
        for (int axis : order) {
            axes.add(axis);
        }
        return new Axes(axes);
    }

    /** Axes as they are. */
    public static Axes identity(int rank) {
        List<Integer> axes = new ArrayList<>();
        for (int axis = 0; axis < rank; axis++) {
            axes.add(axis);
        }
        return new Axes(axes);
    }

    public boolean isIdentity() {
        return equals(identity(order.size()));
    }

    /** The way back. */
    public Axes inverse() {
        List<Integer> back = new ArrayList<>(order);
        for (int axis = 0; axis < order.size(); axis++) {
            back.set(order.get(axis), axis);
        }
        return new Axes(back);
    }

    public List<Long> shape(List<Long> source) {
        return order.stream().map(source::get).toList();
    }

    /** A tensor with its axes in this order, on the heap. */
    public Tensor apply(Tensor source) {
        DataType type = source.type();
        ByteBuffer from = Tensors.toBytes(source);
        return Tensors.of(type, shape(source.shape()), apply(from, source.shape(), type.bytes()));
    }

    /** Elements in the new order. */
    ByteBuffer apply(ByteBuffer from, List<Long> shape, int width) {
        int rank = order.size();
        int[] extents = new int[rank];
        int[] strides = new int[rank];
        int stride = width;
        int[] own = new int[rank];
        for (int axis = rank - 1; axis >= 0; axis--) {
            own[axis] = stride;
            stride *= Math.toIntExact(shape.get(axis));
        }
        for (int axis = 0; axis < rank; axis++) {
            extents[axis] = Math.toIntExact(shape.get(order.get(axis)));
            strides[axis] = own[order.get(axis)];
        }
        ByteBuffer to = ByteBuffer.allocate(stride).order(ByteOrder.LITTLE_ENDIAN);
        if (stride > 0) {
            copy(from, 0, to, 0, extents, strides, width);
        }
        return to.flip();
    }

    private static void copy(
            ByteBuffer from, int place, ByteBuffer to, int axis, int[] extents, int[] strides, int width) {
        if (axis == extents.length) {
            for (int i = 0; i < width; i++) {
                to.put(from.get(from.position() + place + i));
            }
            return;
        }
        for (int i = 0; i < extents[axis]; i++) {
            copy(from, place + i * strides[axis], to, axis + 1, extents, strides, width);
        }
    }
}
