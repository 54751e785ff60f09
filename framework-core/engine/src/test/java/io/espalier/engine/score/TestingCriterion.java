package io.espalier.engine.score;

import io.espalier.spi.criterion.ParameterAxis;
import io.espalier.spi.criterion.ScoringContext;
import io.espalier.spi.criterion.SliceCriterion;

/** Sums of magnitudes, as the simplest criterion computes them. */
public final class TestingCriterion implements SliceCriterion {

    @Override
    public String name() {
        return "testing-l1";
    }

    @Override
    public String description() {
        return "Sum of magnitudes.";
    }

    @Override
    public double[] score(ParameterAxis axis, ScoringContext context) {
        double[] scores = new double[axis.size()];
        axis.forEach((slice, value) -> scores[slice] += Math.abs(value));
        return scores;
    }
}
