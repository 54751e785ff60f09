package io.espalier.host;

import io.espalier.spi.RunContext;
import io.espalier.spi.criterion.ImportanceCriterion;
import io.espalier.spi.criterion.ParameterAxis;
import io.espalier.spi.option.Options;

/** Scores slices by their index; its name can be chosen. */
public class TestingCriterion implements ImportanceCriterion {

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
    public double[] score(ParameterAxis axis, Options options, RunContext context) {
        double[] scores = new double[axis.size()];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = i;
        }
        return scores;
    }
}
