package io.espalier.engine.score;

import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Elements;
import io.espalier.spi.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.ObjIntConsumer;

/**
 * The numbers of one constant, block by block, and whether all of them are finite.
 *
 * <p>A constant is scored once for each of its labelled indices; what was read for the first is kept for the others when
 * it is small. Thread-safe.
 */
final class TensorBlocks {

    private static final int BLOCK_ELEMENTS = 1 << 14;
    /** Constants up to this many bytes are kept until the last index was scored; larger ones are read again. */
    private static final long KEPT_BYTES = 16 << 20;

    private final String parameter;
    private final Tensor tensor;
    private int readers;
    private ByteBuffer kept;
    private boolean known;
    private long broken;
    private long first;

    TensorBlocks(String parameter, Tensor tensor) {
        this.parameter = parameter;
        this.tensor = tensor;
    }

    /** Announces one more index that will be scored. */
    void expectReader() {
        readers++;
    }

    /** Drops what was kept once the last expected reader is done. */
    synchronized void readerIsDone() {
        if (--readers <= 0) {
            kept = null;
        }
    }

    /** Feeds all numbers in storage order; the array is reused from block to block. */
    void forEach(ObjIntConsumer<double[]> consumer) {
        double[] values = new double[BLOCK_ELEMENTS];
        ByteBuffer all = bytes();
        ByteBuffer own = all == null ? allocate(BLOCK_ELEMENTS) : null;
        long size = tensor.size();
        long found = 0;
        long firstFound = 0;
        for (long start = 0; start < size; ) {
            int count = (int) Math.min(BLOCK_ELEMENTS, size - start);
            decode(block(all, own, start, count), values, count);
            if (!areFinite(values, count)) {
                for (int i = 0; i < count; i++) {
                    if (!Double.isFinite(values[i]) && found++ == 0) {
                        firstFound = start + i;
                    }
                }
            }
            consumer.accept(values, count);
            start += count;
        }
        learn(found, firstFound);
    }

    private synchronized ByteBuffer bytes() {
        if (kept == null && readers > 1 && tensor.byteSize() <= KEPT_BYTES) {
            kept = allocate((int) tensor.size());
            tensor.read(0, kept.duplicate());
        }
        return kept;
    }

    private ByteBuffer allocate(int elements) {
        return ByteBuffer.allocate(elements * tensor.type().bytes()).order(ByteOrder.LITTLE_ENDIAN);
    }

    private ByteBuffer block(ByteBuffer all, ByteBuffer own, long start, int count) {
        int width = tensor.type().bytes();
        if (all != null) {
            return all.slice((int) start * width, count * width).order(ByteOrder.LITTLE_ENDIAN);
        }
        own.clear().limit(count * width);
        tensor.read(start, own);
        return own.flip();
    }

    private void decode(ByteBuffer block, double[] values, int count) {
        if (tensor.type() == DataType.FLOAT32) {
            float[] floats = new float[count];
            block.asFloatBuffer().get(floats);
            for (int i = 0; i < count; i++) {
                values[i] = floats[i];
            }
        } else {
            for (int i = 0; i < count; i++) {
                values[i] = Elements.get(tensor.type(), block, i);
            }
        }
    }

    /** Zero times a finite number is zero, times any other it is not a number. */
    private static boolean areFinite(double[] values, int count) {
        double even = 0;
        double odd = 0;
        for (int i = 0; i + 1 < count; i += 2) {
            even += values[i] * 0;
            odd += values[i + 1] * 0;
        }
        return even + odd + values[count - 1] * 0 == 0;
    }

    private synchronized void learn(long count, long firstIndex) {
        known = true;
        broken = count;
        first = firstIndex;
    }

    /** Throws when the constant holds NaN or infinity. */
    void require() {
        if (!isKnown()) {
            forEach((values, count) -> {});
        }
        if (broken > 0) {
            throw new UnusableWeightsException("The parameter '" + parameter + "' holds " + broken
                    + (broken == 1 ? " element that is" : " elements that are")
                    + " not a finite number (NaN or infinity), the first at index " + first
                    + "; train or export the model again.");
        }
    }

    private synchronized boolean isKnown() {
        return known;
    }
}
