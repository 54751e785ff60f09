package io.espalier.testkit.model;

import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A float32 tensor whose elements are computed from a seed when they are read.
 *
 * <p>It takes no memory, so networks of hundreds of megabytes can be built, counted and written on a small heap.
 *
 * @param seed decides every element
 * @param shape extents, outermost first
 * @param distribution form of the distribution
 * @param centre mean of the elements
 * @param spread standard deviation of a normal, half the range of a uniform distribution
 */
record SeededTensor(long seed, List<Long> shape, Distribution distribution, double centre, double spread)
        implements Tensor {

    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

    /** Forms of distribution. */
    enum Distribution {
        /** Sum of four uniform numbers: close to normal, never farther than 3.5 standard deviations. */
        NORMAL,
        UNIFORM
    }

    SeededTensor {
        shape = List.copyOf(shape);
    }

    @Override
    public DataType type() {
        return DataType.FLOAT32;
    }

    @Override
    public void read(long offset, ByteBuffer target) {
        ByteOrder before = target.order();
        target.order(ByteOrder.LITTLE_ENDIAN);
        for (long index = offset; target.hasRemaining(); index++) {
            target.putFloat((float) (centre + spread * unit(mix(seed + (index + 1) * GOLDEN_GAMMA))));
        }
        target.order(before);
    }

    private double unit(long bits) {
        if (distribution == Distribution.UNIFORM) {
            return (bits >> 11) * 0x1p-52;
        }
        long sum = (bits & 0xFFFF) + (bits >>> 16 & 0xFFFF) + (bits >>> 32 & 0xFFFF) + (bits >>> 48);
        return (sum * 0x1p-16 - 2) * Math.sqrt(3);
    }

    private static long mix(long value) {
        long mixed = (value ^ value >>> 30) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
        return mixed ^ mixed >>> 31;
    }

    @Override
    public String toString() {
        return type() + shape.toString();
    }
}
