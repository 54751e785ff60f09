package io.espalier.adapter.tflite.store;

import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
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

    /** A tensor with its axes in this order. */
    public Tensor apply(Tensor source) {
        return Tensors.permuted(
                source, order.stream().mapToInt(Integer::intValue).toArray());
    }
}
