package com.example;

import io.espalier.spi.RunContext;
import io.espalier.spi.criterion.ImportanceCriterion;
import io.espalier.spi.criterion.ParameterAxis;
import io.espalier.spi.option.Options;

public final class LinfCriterion implements ImportanceCriterion {
    @Override
    public String name() {
        return "linf";
    }

    @Override
    public String description() {
        return "Largest absolute weight of a slice.";
    }

    @Override
    public double[] score(ParameterAxis axis, Options options, RunContext context) {
        double[] largest = new double[axis.size()];
        axis.forEach((slice, weight) -> largest[slice] = Math.max(largest[slice], Math.abs(weight)));
        return largest;
    }
}
