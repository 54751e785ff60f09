package io.espalier.engine.score;

import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Elements;
import io.espalier.spi.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Room for one block of a tensor: its bytes outside the heap, where files are read without a copy in between, and its
 * numbers. Clearing new arrays for every parameter would cost as much as adding up small ones.
 */
final class Scratch {

    /** Large enough for a read to be cheap, small enough to stay in the processor's cache. */
    static final int ELEMENTS = 1 << 15;

    private final ByteBuffer bytes =
            ByteBuffer.allocateDirect(ELEMENTS * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final float[] floats = new float[ELEMENTS];
    private final double[] values = new double[ELEMENTS];

    private Scratch() {}

    /** Reads elements from one index on; they begin the array, which is the same every time. */
    double[] read(Tensor tensor, long start, int count) {
        bytes.clear().limit(count * tensor.type().bytes());
        tensor.read(start, bytes);
        bytes.flip();
        if (tensor.type() == DataType.FLOAT32) {
            bytes.asFloatBuffer().get(floats, 0, count);
            for (int i = 0; i < count; i++) {
                values[i] = floats[i];
            }
        } else {
            for (int i = 0; i < count; i++) {
                values[i] = Elements.get(tensor.type(), bytes, i);
            }
        }
        return values;
    }

    /** Lends room to as many readers as there are at a time. Thread-safe. */
    static final class Pool {

        private final Queue<Scratch> idle = new ConcurrentLinkedQueue<>();

        Scratch take() {
            Scratch scratch = idle.poll();
            return scratch == null ? new Scratch() : scratch;
        }

        void give(Scratch scratch) {
            idle.add(scratch);
        }
    }
}
