package io.espalier.engine.score;

import io.espalier.spi.RunContext;
import io.espalier.spi.criterion.ImportanceCriterion;
import io.espalier.spi.criterion.ParameterAxis;
import io.espalier.spi.option.Options;

/** Sums of magnitudes, as the simplest criterion computes them. */
public final class TestingCriterion implements ImportanceCriterion {

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
        double[] scores = new double[axis.size()];
        axis.forEach((slice, value) -> scores[slice] += Math.abs(value));
        return scores;
    }
}
