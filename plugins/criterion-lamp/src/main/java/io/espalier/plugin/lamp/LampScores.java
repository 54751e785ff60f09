package io.espalier.plugin.lamp;

import io.espalier.spi.RunContext;
import io.espalier.spi.criterion.ParameterAxis;

/**
 * Computes the scores of one parameter, from the largest magnitude down, holding a bounded number of elements.
 *
 * <p>Magnitudes are compared by their keys, the bits of the double, which have the order of the numbers. A range of keys
 * with few elements is sorted in memory; one with many is split.
 */
final class LampScores {

    private static final int PARTS = 1 << 16;

    private final ParameterAxis axis;
    private final RunContext context;
    private final int limit;
    private final double[] scores;

    /** Sum of the squares of all elements scored so far, which are no smaller than those to come. */
    private double squares;

    LampScores(ParameterAxis axis, RunContext context, int limit) {
        this.axis = axis;
        this.context = context;
        this.limit = limit;
        this.scores = new double[axis.size()];
    }

    double[] compute() {
        long elements = 1;
        for (long extent : axis.shape()) {
            elements = Math.multiplyExact(elements, extent);
        }
        // Key 0 is left out: zeros score 0 and add nothing to anybody's sum.
        scoreRange(new KeyRange(1, Long.MAX_VALUE), elements);
        return scores;
    }

    /**
     * Scores the elements of a range, given that all larger ones are done.
     *
     * @param atMost how many elements the range has, or more
     */
    private void scoreRange(KeyRange range, long atMost) {
        context.checkCancelled();
        if (atMost <= limit) {
            scoreSorted(range, (int) atMost);
        } else if (range.first() == range.last()) {
            scoreTies(range, atMost);
        } else {
            scoreParts(range);
        }
    }

    private void scoreSorted(KeyRange range, int atMost) {
        SortedKeys sorted = new SortedKeys(atMost);
        axis.forEach((slice, value) -> {
            long key = key(value);
            if (range.contains(key)) {
                sorted.add(key, slice);
            }
        });
        sorted.sort();
        for (int rank = sorted.size() - 1; rank >= 0; rank--) {
            double square = square(sorted.key(rank));
            squares += square;
            scores[sorted.slice(rank)] += share(square, squares);
        }
    }

    /** More equal elements than fit into memory: in storage order, each has one fewer of its equals above it. */
    private void scoreTies(KeyRange range, long elements) {
        double square = square(range.first());
        double larger = squares;
        long[] equals = {elements};
        axis.forEach((slice, value) -> {
            if (range.contains(key(value))) {
                scores[slice] += share(square, larger + square * equals[0]--);
            }
        });
        squares += square * elements;
    }

    private void scoreParts(KeyRange range) {
        long width = (range.last() - range.first()) / PARTS + 1;
        long[] counts = new long[PARTS];
        axis.forEach((slice, value) -> {
            long key = key(value);
            if (range.contains(key)) {
                counts[(int) ((key - range.first()) / width)]++;
            }
        });
        for (int top = PARTS - 1; top >= 0; ) {
            int bottom = top;
            long elements = counts[top];
            while (bottom > 0 && elements + counts[bottom - 1] <= limit) {
                elements += counts[--bottom];
            }
            if (elements > 0) {
                scoreRange(range.parts(bottom, top, width), elements);
            }
            top = bottom - 1;
        }
    }

    private static long key(double value) {
        return Double.doubleToLongBits(Math.abs(value));
    }

    private static double square(long key) {
        double magnitude = Double.longBitsToDouble(key);
        return magnitude * magnitude;
    }

    /** The share, with 0 for elements so small that even the sum of their squares vanishes; NaN stays NaN. */
    private static double share(double square, double sum) {
        return sum == 0 ? 0 : square / sum;
    }

    /** Keys from first to last, both included. */
    private record KeyRange(long first, long last) {

        boolean contains(long key) {
            return key >= first && key <= last;
        }

        /** The part of this range that spans some of its consecutive pieces of equal width. */
        KeyRange parts(int bottom, int top, long width) {
            long end = top == PARTS - 1 ? last : Math.min(last, first + width * (top + 1) - 1);
            return new KeyRange(first + width * bottom, end);
        }
    }
}
