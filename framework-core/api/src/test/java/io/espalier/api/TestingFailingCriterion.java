package io.espalier.api;

import io.espalier.spi.criterion.ParameterAxis;
import io.espalier.spi.criterion.ScoringContext;
import io.espalier.spi.criterion.SliceCriterion;

/** Has a defect. */
final class TestingFailingCriterion implements SliceCriterion {

    @Override
    public String name() {
        return "failing";
    }

    @Override
    public String description() {
        return "Fails.";
    }

    @Override
    public double[] score(ParameterAxis axis, ScoringContext context) {
        throw new IllegalStateException("on purpose");
    }
}
