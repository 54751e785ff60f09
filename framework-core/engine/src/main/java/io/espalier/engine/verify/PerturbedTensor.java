package io.espalier.engine.verify;

import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A tensor mixed with noise as it is read, in blocks that have a seed each: models that are too large for the heap are
 * perturbed like others.
 *
 * @param strength share of the noise
 * @param noise what it is like
 */
record PerturbedTensor(Tensor source, long seed, double strength, Noise noise) implements Tensor {

    /**
     * Noise like the elements of a tensor.
     *
     * @param centre what elements and noise lie around
     * @param scale root mean square of the distance from it
     * @param lowest the smallest number that an element may become
     * @param highest the largest one
     */
    record Noise(double centre, double scale, double lowest, double highest) {}

    private static final int BLOCK = 1 << 12;

    @Override
    public DataType type() {
        return source.type();
    }

    @Override
    public List<Long> shape() {
        return source.shape();
    }

    @Override
    public void read(long offset, ByteBuffer target) {
        long at = offset;
        while (target.hasRemaining()) {
            int first = (int) (at % BLOCK);
            int count = Math.min(BLOCK - first, target.remaining() / type().bytes());
            ByteBuffer block = ByteBuffer.allocate(count * type().bytes());
            source.read(at, block);
            List<Long> length = List.of((long) count);
            double[] values = Tensors.toDoubles(Tensors.of(type(), length, block.flip()));
            mix(values, at / BLOCK, first);
            target.put(Tensors.toBytes(Tensors.fromDoubles(type(), length, values)));
            at += count;
        }
    }

    /** Mixes noise into some elements of a block, the same for an element however it is read. */
    private void mix(double[] values, long block, int first) {
        SplittableRandom random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + block);
        for (int i = -first; i < values.length; i++) {
            double deviation = noise.scale() * random.nextGaussian();
            if (i >= 0) {
                double moved = (1 - strength) * (values[i] - noise.centre()) + strength * deviation + noise.centre();
                values[i] = within(moved);
            }
        }
    }

    /** What would be too small lies as far on the other side of the smallest number; what is too large is the largest. */
    private double within(double value) {
        double bound = value < noise.lowest() ? 2 * noise.lowest() - value : value;
        return Math.min(bound, noise.highest());
    }
}
