package io.espalier.adapter.dl4j.edit;

import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Slices of constants that are small, or were computed and lie in memory. */
final class Slices {

    private Slices() {}

    /** Some positions of one axis, as a copy. */
    static Tensor of(Tensor tensor, int axis, int[] keep) {
        List<Long> shape = new ArrayList<>(tensor.shape());
        long extent = shape.get(axis);
        long run = shape.subList(axis + 1, shape.size()).stream().reduce(1L, Math::multiplyExact);
        long blocks = tensor.size() / (extent * run);
        int width = tensor.type().bytes();
        shape.set(axis, (long) keep.length);
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(blocks * keep.length * run * width))
                .order(ByteOrder.LITTLE_ENDIAN);
        for (long block = 0; block < blocks; block++) {
            for (int position : keep) {
                bytes.limit(bytes.position() + Math.toIntExact(run * width));
                tensor.read((block * extent + position) * run, bytes);
            }
        }
        return Tensors.of(tensor.type(), shape, bytes.flip());
    }
}
