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

    /** Elements that are read at a time, few enough for the first cache of a processor. */
    private static final int PIECE = 1 << 12;

    /** Takes some elements of a tensor. */
    @FunctionalInterface
    interface Piece {

        /**
         * Takes elements that follow each other.
         *
         * @param elements holds them from its beginning
         * @param from the position of the first in the tensor
         * @param count how many they are
         */
        void take(float[] elements, int from, int count);
    }

    /** All elements of a tensor. */
    static float[] read(Tensor tensor) {
        float[] values = new float[Math.toIntExact(tensor.size())];
        copy(tensor, values);
        return values;
    }

    /** Copies all elements of a tensor. */
    static void copy(Tensor tensor, float[] values) {
        inPieces(tensor, (elements, from, count) -> System.arraycopy(elements, 0, values, from, count));
    }

    /** Adds all elements of a tensor. */
    static void add(Tensor tensor, float[] sums) {
        inPieces(tensor, (elements, from, count) -> {
            for (int i = 0; i < count; i++) {
                sums[from + i] += elements[i];
            }
        });
    }

    /** Gives out all elements of a tensor in their order, without a copy of the whole. */
    private static void inPieces(Tensor tensor, Piece taker) {
        int size = Math.toIntExact(tensor.size());
        if (tensor.type() != DataType.FLOAT32) {
            taker.take(Tensors.toFloats(tensor), 0, size);
            return;
        }
        ByteBuffer bytes =
                ByteBuffer.allocate(Math.min(size, PIECE) * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        float[] piece = new float[Math.min(size, PIECE)];
        for (int from = 0; from < size; from += PIECE) {
            int count = Math.min(PIECE, size - from);
            tensor.read(from, bytes.clear().limit(count * Float.BYTES));
            bytes.flip().asFloatBuffer().get(piece, 0, count);
            taker.take(piece, from, count);
        }
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
