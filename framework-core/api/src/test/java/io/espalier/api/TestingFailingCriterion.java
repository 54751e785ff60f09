package io.espalier.api;

import io.espalier.spi.RunContext;
import io.espalier.spi.criterion.ImportanceCriterion;
import io.espalier.spi.criterion.ParameterAxis;
import io.espalier.spi.option.Options;

/** Has a defect. */
final class TestingFailingCriterion implements ImportanceCriterion {

    @Override
    public String name() {
        return "failing";
    }

    @Override
    public String description() {
        return "Fails.";
    }

    @Override
    public double[] score(ParameterAxis axis, Options options, RunContext context) {
        throw new IllegalStateException("on purpose");
    }
}
