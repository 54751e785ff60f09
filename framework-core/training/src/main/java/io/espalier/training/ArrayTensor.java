package io.espalier.training;

import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;

/** An array that a runtime reads as it is when it reads it: weights that change between two runs are not copied for each. */
record ArrayTensor(List<Long> shape, float[] values) implements Tensor {

    /** All elements of a tensor, copied in one piece. */
    static float[] read(Tensor tensor) {
        if (tensor.type() != DataType.FLOAT32) {
            return Tensors.toFloats(tensor);
        }
        float[] values = new float[Math.toIntExact(tensor.size())];
        Tensors.toBytes(tensor).asFloatBuffer().get(values);
        return values;
    }

    @Override
    public DataType type() {
        return DataType.FLOAT32;
    }

    @Override
    public void read(long offset, ByteBuffer target) {
        FloatBuffer floats = target.slice().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
        floats.put(values, Math.toIntExact(offset), floats.remaining());
        target.position(target.limit());
    }
}
