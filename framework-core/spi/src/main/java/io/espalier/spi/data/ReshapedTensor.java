package io.espalier.spi.data;

import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.List;

/** The same elements in the same order under another shape. */
record ReshapedTensor(Tensor array, List<Long> shape) implements Tensor {

    @Override
    public DataType type() {
        return array.type();
    }

    @Override
    public void read(long offset, ByteBuffer target) {
        array.read(offset, target);
    }
}
