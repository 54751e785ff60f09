package io.espalier.engine.score;

import io.espalier.spi.tensor.Tensor;
import java.util.function.ObjIntConsumer;

/**
 * The numbers of one constant, block by block, and whether all of them are finite.
 *
 * <p>A constant is scored once for each of its labelled indices and read again each time: the operating system keeps it at
 * hand, and a copy of our own costs more than reading. Thread-safe.
 */
final class TensorBlocks {

    private final String parameter;
    private final Tensor tensor;
    private final Scratch.Pool pool;
    private boolean known;
    private long broken;
    private long first;

    TensorBlocks(String parameter, Tensor tensor, Scratch.Pool pool) {
        this.parameter = parameter;
        this.tensor = tensor;
        this.pool = pool;
    }

    /** Feeds all numbers in storage order; the array is reused from block to block. */
    void forEach(ObjIntConsumer<double[]> consumer) {
        Scratch scratch = pool.take();
        try {
            forEach(scratch, consumer);
        } finally {
            pool.give(scratch);
        }
    }

    private void forEach(Scratch scratch, ObjIntConsumer<double[]> consumer) {
        boolean check = !isKnown();
        long size = tensor.size();
        long found = 0;
        long firstFound = 0;
        for (long start = 0; start < size; ) {
            int count = (int) Math.min(Scratch.ELEMENTS, size - start);
            double[] values = scratch.read(tensor, start, count);
            if (check && !areFinite(values, count)) {
                for (int i = 0; i < count; i++) {
                    if (!Double.isFinite(values[i]) && found++ == 0) {
                        firstFound = start + i;
                    }
                }
            }
            consumer.accept(values, count);
            start += count;
        }
        if (check) {
            learn(found, firstFound);
        }
    }

    /** A finite number less itself is zero, any other is not a number. */
    private static boolean areFinite(double[] values, int count) {
        double first = 0;
        double second = 0;
        double third = 0;
        double fourth = 0;
        int i = 0;
        // Pairs are added before they meet the sums, which wait for each other.
        for (; i + 7 < count; i += 8) {
            first += (values[i] - values[i]) + (values[i + 1] - values[i + 1]);
            second += (values[i + 2] - values[i + 2]) + (values[i + 3] - values[i + 3]);
            third += (values[i + 4] - values[i + 4]) + (values[i + 5] - values[i + 5]);
            fourth += (values[i + 6] - values[i + 6]) + (values[i + 7] - values[i + 7]);
        }
        for (; i < count; i++) {
            first += values[i] - values[i];
        }
        return first + second + third + fourth == 0;
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
