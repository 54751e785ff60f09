package io.espalier.engine.real;

import io.espalier.spi.RunContext;
import io.espalier.spi.criterion.ImportanceCriterion;
import io.espalier.spi.criterion.ParameterAxis;
import io.espalier.spi.option.Options;

/** Sum of magnitudes of every slice. */
final class TestingL1 implements ImportanceCriterion {

    @Override
    public String name() {
        return "testing-l1";
    }

    @Override
    public String description() {
        return "Sum of magnitudes.";
    }

    @Override
    public double[] score(ParameterAxis axis, Options options, RunContext context) {
        double[] sums = new double[axis.size()];
        axis.forEach((slice, value) -> sums[slice] += Math.abs(value));
        return sums;
    }
}
