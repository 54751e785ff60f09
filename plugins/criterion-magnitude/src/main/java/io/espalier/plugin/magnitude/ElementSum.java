package io.espalier.plugin.magnitude;

import io.espalier.spi.criterion.ParameterAxis;
import java.util.function.DoubleUnaryOperator;

/** Sums a function of each element over the slice the element belongs to. */
final class ElementSum {

    private ElementSum() {}

    static double[] of(ParameterAxis axis, DoubleUnaryOperator score) {
        double[] sums = new double[axis.size()];
        axis.forEachRun((slice, values, from, to) -> {
            double sum = 0;
            for (int i = from; i < to; i++) {
                sum += score.applyAsDouble(values[i]);
            }
            sums[slice] += sum;
        });
        return sums;
    }
}
