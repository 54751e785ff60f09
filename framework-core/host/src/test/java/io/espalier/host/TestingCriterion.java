package io.espalier.host;

import io.espalier.spi.criterion.ParameterAxis;
import io.espalier.spi.criterion.ScoringContext;
import io.espalier.spi.criterion.SliceCriterion;

/** Scores slices by their index; its name can be chosen. */
public class TestingCriterion implements SliceCriterion {

    private final String name;

    public TestingCriterion() {
        this("from-class-path");
    }

    TestingCriterion(String name) {
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String description() {
        return "Scores slices by their index.";
    }

    @Override
    public double[] score(ParameterAxis axis, ScoringContext context) {
        double[] scores = new double[axis.size()];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = i;
        }
        return scores;
    }
}
