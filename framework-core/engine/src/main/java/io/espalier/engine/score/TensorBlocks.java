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
