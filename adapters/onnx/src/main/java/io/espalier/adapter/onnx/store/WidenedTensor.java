package io.espalier.adapter.onnx.store;

import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Numbers of bfloat16 in single precision, of which they are the upper half. */
record WidenedTensor(Tensor source) implements Tensor {

    @Override
    public DataType type() {
        return DataType.FLOAT32;
    }

    @Override
    public List<Long> shape() {
        return source.shape();
    }

    @Override
    public void read(long offset, ByteBuffer target) {
        ByteBuffer halves = ByteBuffer.allocate(target.remaining() / 2).order(ByteOrder.LITTLE_ENDIAN);
        source.read(offset, halves);
        halves.flip();
        while (halves.hasRemaining()) {
            target.put((byte) 0).put((byte) 0).put(halves.get()).put(halves.get());
        }
    }
}
