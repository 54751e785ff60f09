package io.espalier.spi.data;

import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Elements;
import io.espalier.spi.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Whole numbers as float32, scaled as they are read.
 *
 * @param array what is scaled
 * @param scaling how
 * @param inner elements of a channel that lie together
 */
record ScaledTensor(Tensor array, InputScaling scaling, long inner) implements Tensor {

    /** A view whose channels lie along an axis; the axis is of no matter when all channels are scaled alike. */
    static ScaledTensor of(Tensor array, InputScaling scaling, int axis) {
        long inner = array.shape().stream().skip(axis + 1L).reduce(1L, Math::multiplyExact);
        return new ScaledTensor(array, scaling, inner);
    }

    @Override
    public DataType type() {
        return DataType.FLOAT32;
    }

    @Override
    public List<Long> shape() {
        return array.shape();
    }

    @Override
    public void read(long offset, ByteBuffer target) {
        int count = target.remaining() / type().bytes();
        ByteBuffer block = ByteBuffer.allocate(
                        Math.multiplyExact(count, array.type().bytes()))
                .order(ByteOrder.LITTLE_ENDIAN);
        array.read(offset, block);
        ByteBuffer floats = target.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        int channels = scaling.channels();
        for (int i = 0; i < count; i++) {
            int channel = (int) ((offset + i) / inner % channels);
            floats.putFloat((float) scaling.apply(Elements.get(array.type(), block, i), channel));
        }
        target.position(target.limit());
    }
}
