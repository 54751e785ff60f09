package io.espalier.spi.tensor;

import io.espalier.spi.Stability;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Makes tensors from arrays, views of tensors, and reads their elements as numbers. */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public final class Tensors {

    private static final int BLOCK_BYTES = 1 << 16;

    private Tensors() {}

    /** Receives elements one after the other. */
    @FunctionalInterface
    public interface ElementConsumer {

        /**
         * Takes one element.
         *
         * @param index row-major index of the element
         * @param value the element, widened exactly except for 64-bit integers beyond 2^53
         */
        void accept(long index, double value);
    }

    /** A float32 tensor over a copy of the values. */
    public static Tensor floats(List<Long> shape, float... values) {
        ByteBuffer bytes = allocate(values.length, DataType.FLOAT32);
        bytes.asFloatBuffer().put(values);
        return of(DataType.FLOAT32, shape, bytes);
    }

    /** An int64 tensor over a copy of the values. */
    public static Tensor longs(List<Long> shape, long... values) {
        ByteBuffer bytes = allocate(values.length, DataType.INT64);
        bytes.asLongBuffer().put(values);
        return of(DataType.INT64, shape, bytes);
    }

    /** An int64 vector. */
    public static Tensor vector(long... values) {
        return longs(List.of((long) values.length), values);
    }

    /** A tensor of any type whose elements are rounded from doubles. */
    public static Tensor fromDoubles(DataType type, List<Long> shape, double... values) {
        ByteBuffer bytes = allocate(values.length, type);
        for (int i = 0; i < values.length; i++) {
            Elements.put(type, bytes, i, values[i]);
        }
        return of(type, shape, bytes);
    }

    /** A tensor over little-endian bytes, which are not copied and must not change afterwards. */
    public static Tensor of(DataType type, List<Long> shape, ByteBuffer littleEndian) {
        return new HeapTensor(type, List.copyOf(shape), littleEndian.duplicate().order(ByteOrder.LITTLE_ENDIAN));
    }

    /**
     * A view of some positions of one axis, read in blocks from the original.
     *
     * @param axis the axis, from 0
     * @param keep positions that stay, ascending
     * @throws IllegalArgumentException when the tensor has no such axis or the axis no such positions
     */
    public static Tensor sliced(Tensor tensor, int axis, int[] keep) {
        return tensor instanceof PermutedTensor permuted
                ? permuted.sliced(axis, keep)
                : SlicedTensor.of(tensor, axis, keep);
    }

    /**
     * A view with the axes in another order, read in blocks from the original; what was permuted and is permuted back is
     * the original again. Reading forward is fast; a few megabytes that were read last are kept while memory allows.
     *
     * @param axes axis of the original for each axis of the view, as in ONNX's {@code Transpose}
     * @throws IllegalArgumentException when the axes are no permutation of those of the tensor
     */
    public static Tensor permuted(Tensor tensor, int... axes) {
        return PermutedTensor.of(tensor, axes);
    }

    /** The same numbers in another type, on the heap; integers are truncated. The tensor itself when it has the type. */
    public static Tensor converted(Tensor tensor, DataType type) {
        if (tensor.type() == type) {
            return tensor;
        }
        ByteBuffer changed = allocate(Math.toIntExact(tensor.size()), type);
        forEach(tensor, (index, value) -> Elements.put(type, changed, (int) index, value));
        return of(type, tensor.shape(), changed);
    }

    /** Feeds every element to the consumer, in row-major order, holding one block in memory. */
    public static void forEach(Tensor tensor, ElementConsumer consumer) {
        int width = tensor.type().bytes();
        ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        long size = tensor.size();
        for (long start = 0; start < size; ) {
            int count = (int) Math.min(BLOCK_BYTES / width, size - start);
            block.clear().limit(count * width);
            tensor.read(start, block);
            for (int i = 0; i < count; i++) {
                consumer.accept(start + i, Elements.get(tensor.type(), block, i));
            }
            start += count;
        }
    }

    /** All elements as doubles. For tensors of at most 2^31 - 1 elements that are known to be small. */
    public static double[] toDoubles(Tensor tensor) {
        double[] values = new double[Math.toIntExact(tensor.size())];
        forEach(tensor, (index, value) -> values[(int) index] = value);
        return values;
    }

    /** All elements as floats. For tensors of at most 2^31 - 1 elements that are known to be small. */
    public static float[] toFloats(Tensor tensor) {
        float[] values = new float[Math.toIntExact(tensor.size())];
        forEach(tensor, (index, value) -> values[(int) index] = (float) value);
        return values;
    }

    /** All elements of an integer or bool tensor as longs, exactly. */
    public static long[] toLongs(Tensor tensor) {
        ByteBuffer bytes = toBytes(tensor);
        long[] values = new long[Math.toIntExact(tensor.size())];
        for (int i = 0; i < values.length; i++) {
            values[i] = Elements.getLong(tensor.type(), bytes, i);
        }
        return values;
    }

    /** All elements as little-endian bytes, ready to be read from position 0. */
    public static ByteBuffer toBytes(Tensor tensor) {
        ByteBuffer bytes =
                ByteBuffer.allocate(Math.toIntExact(tensor.byteSize())).order(ByteOrder.LITTLE_ENDIAN);
        tensor.read(0, bytes);
        return bytes.flip().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** The shape as a list. */
    public static List<Long> shape(long... extents) {
        List<Long> shape = new ArrayList<>(extents.length);
        Arrays.stream(extents).forEach(shape::add);
        return List.copyOf(shape);
    }

    private static ByteBuffer allocate(int elements, DataType type) {
        return ByteBuffer.allocate(Math.multiplyExact(elements, type.bytes())).order(ByteOrder.LITTLE_ENDIAN);
    }

    private record HeapTensor(DataType type, List<Long> shape, ByteBuffer bytes) implements Tensor {

        private HeapTensor {
            long expected = type.bytes();
            for (long extent : shape) {
                expected = Math.multiplyExact(expected, extent);
            }
            if (bytes.remaining() != expected) {
                throw new IllegalArgumentException(
                        "shape " + shape + " of " + type + " needs " + expected + " bytes, got " + bytes.remaining());
            }
        }

        @Override
        public void read(long offset, ByteBuffer target) {
            int from = Math.toIntExact(offset * type.bytes());
            int length = target.remaining();
            target.put(bytes.duplicate().position(bytes.position() + from).limit(bytes.position() + from + length));
        }

        @Override
        public String toString() {
            return type + shape.toString();
        }
    }
}
