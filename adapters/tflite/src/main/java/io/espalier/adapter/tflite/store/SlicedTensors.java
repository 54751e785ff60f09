package io.espalier.adapter.tflite.store;

import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Cuts positions out of tensors. */
public final class SlicedTensors {

    private SlicedTensors() {}

    /**
     * Some positions of one axis, on the heap.
     *
     * @param keep positions that stay, ascending
     * @throws IllegalArgumentException when the tensor has no such axis or the axis no such positions
     */
    public static Tensor slice(Tensor source, int axis, int[] keep) {
        List<Long> shape = new ArrayList<>(source.shape());
        if (axis < 0 || axis >= shape.size()) {
            throw new IllegalArgumentException("no axis " + axis + " in shape " + shape);
        }
        int extent = Math.toIntExact(shape.get(axis));
        for (int i = 0; i < keep.length; i++) {
            if (keep[i] < 0 || keep[i] >= extent || i > 0 && keep[i] <= keep[i - 1]) {
                throw new IllegalArgumentException(
                        "positions to keep must ascend within axis " + axis + " of " + shape);
            }
        }
        int outer = Math.toIntExact(product(shape.subList(0, axis)));
        int run = Math.toIntExact(product(shape.subList(axis + 1, shape.size())))
                * source.type().bytes();
        ByteBuffer from = Tensors.toBytes(source);
        ByteBuffer to = ByteBuffer.allocate(outer * keep.length * run).order(ByteOrder.LITTLE_ENDIAN);
        for (int block = 0; block < outer; block++) {
            for (int position : keep) {
                to.put(from.duplicate()
                        .position((block * extent + position) * run)
                        .limit((block * extent + position + 1) * run));
            }
        }
        shape.set(axis, (long) keep.length);
        return Tensors.of(source.type(), shape, to.flip());
    }

    private static long product(List<Long> extents) {
        return extents.stream().reduce(1L, Math::multiplyExact);
    }
}
