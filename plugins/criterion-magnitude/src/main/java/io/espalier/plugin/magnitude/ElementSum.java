package io.espalier.plugin.magnitude;

import io.espalier.spi.criterion.ParameterAxis;
import java.util.function.DoubleUnaryOperator;

/** Sums a function of each element over the slice the element belongs to. */
final class ElementSum {

    private ElementSum() {}

    static double[] of(ParameterAxis axis, DoubleUnaryOperator score) {
        double[] sums = new double[axis.size()];
        axis.forEachRun((slice, step, values, from, to) -> {
            if (step == 0) {
                sums[slice] += sum(score, values, from, to);
            } else {
                for (int i = from; i < to; i++) {
                    sums[slice + (i - from) * step] += score.applyAsDouble(values[i]);
                }
            }
        });
        return sums;
    }

    /** Four sums side by side: an addition need not wait for the one before. */
    private static double sum(DoubleUnaryOperator score, double[] values, int from, int to) {
        double first = 0;
        double second = 0;
        double third = 0;
        double fourth = 0;
        int i = from;
        for (; i + 7 < to; i += 8) {
            first += score.applyAsDouble(values[i]) + score.applyAsDouble(values[i + 1]);
            second += score.applyAsDouble(values[i + 2]) + score.applyAsDouble(values[i + 3]);
            third += score.applyAsDouble(values[i + 4]) + score.applyAsDouble(values[i + 5]);
            fourth += score.applyAsDouble(values[i + 6]) + score.applyAsDouble(values[i + 7]);
        }
        for (; i < to; i++) {
            first += score.applyAsDouble(values[i]);
        }
        return first + second + (third + fourth);
    }
}
