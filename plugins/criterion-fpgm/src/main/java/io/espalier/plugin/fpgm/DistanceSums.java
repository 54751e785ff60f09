package io.espalier.plugin.fpgm;

import io.espalier.spi.RunContext;
import io.espalier.spi.criterion.ParameterAxis;
import java.util.List;

/** Sums, for every slice of a parameter, the distances to all slices, holding two blocks of slices at a time. */
final class DistanceSums {

    /** Slices that stay in the cache of the processor while all others pass by. */
    private static final int TILE = 8;

    private final ParameterAxis axis;
    private final RunContext context;
    private final int length;
    private final int slicesPerBlock;
    private final double[] sums;

    /**
     * Prepares a computation.
     *
     * @param elementsAtOnce how many elements a block may have; at least one slice is held in any case
     */
    DistanceSums(ParameterAxis axis, RunContext context, int elementsAtOnce) {
        this.axis = axis;
        this.context = context;
        this.length = sliceLength(axis);
        this.slicesPerBlock = Math.max(1, Math.min(axis.size(), elementsAtOnce / Math.max(1, length)));
        this.sums = new double[axis.size()];
    }

    double[] compute() {
        for (int first = 0; first < axis.size(); first += slicesPerBlock) {
            double[][] rows = block(first);
            compare(first, rows, first, rows);
            for (int second = first + slicesPerBlock; second < axis.size(); second += slicesPerBlock) {
                compare(first, rows, second, block(second));
            }
        }
        return sums;
    }

    /** Compares two blocks, or a block with itself; a pair is taken once. */
    private void compare(int first, double[][] rows, int second, double[][] others) {
        for (int tile = 0; tile < rows.length; tile += TILE) {
            context.checkCancelled();
            int end = Math.min(tile + TILE, rows.length);
            for (int j = 0; j < others.length; j++) {
                for (int i = tile; i < end && first + i < second + j; i++) {
                    add(first + i, second + j, distance(rows[i], others[j]));
                }
            }
        }
    }

    private void add(int one, int other, double distance) {
        sums[one] += distance;
        sums[other] += distance;
    }

    /** The slices from an index on, one row each. */
    private double[][] block(int from) {
        int count = Math.min(slicesPerBlock, axis.size() - from);
        double[][] rows = new double[count][length];
        int[] filled = new int[count];
        axis.forEach((slice, value) -> {
            int row = slice - from;
            if (row >= 0 && row < count) {
                rows[row][filled[row]++] = value;
            }
        });
        return rows;
    }

    /** Four sums side by side, so that additions do not wait for each other. */
    private static double distance(double[] a, double[] b) {
        double sum0 = 0;
        double sum1 = 0;
        double sum2 = 0;
        double sum3 = 0;
        int i = 0;
        for (; i + 3 < a.length; i += 4) {
            double d0 = a[i] - b[i];
            double d1 = a[i + 1] - b[i + 1];
            double d2 = a[i + 2] - b[i + 2];
            double d3 = a[i + 3] - b[i + 3];
            sum0 += d0 * d0;
            sum1 += d1 * d1;
            sum2 += d2 * d2;
            sum3 += d3 * d3;
        }
        for (; i < a.length; i++) {
            double d = a[i] - b[i];
            sum0 += d * d;
        }
        return Math.sqrt((sum0 + sum1) + (sum2 + sum3));
    }

    private static int sliceLength(ParameterAxis axis) {
        List<Long> shape = axis.shape();
        long length = 1;
        for (int i = 0; i < shape.size(); i++) {
            length = i == axis.axis() ? length : Math.multiplyExact(length, shape.get(i));
        }
        return Math.toIntExact(length);
    }
}
