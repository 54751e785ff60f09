package com.example;

import io.espalier.spi.criterion.ParameterAxis;
import io.espalier.spi.criterion.ScoringContext;
import io.espalier.spi.criterion.SliceCriterion;

public final class LinfCriterion implements SliceCriterion {
    @Override
    public String name() {
        return "linf";
    }

    @Override
    public String description() {
        return "Largest absolute weight of a slice.";
    }

    @Override
    public double[] score(ParameterAxis axis, ScoringContext context) {
        double[] largest = new double[axis.size()];
        axis.forEach((slice, weight) -> largest[slice] = Math.max(largest[slice], Math.abs(weight)));
        return largest;
    }
}
