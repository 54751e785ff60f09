package io.espalier.cli;

import io.espalier.spi.criterion.ParameterAxis;
import io.espalier.spi.criterion.ScoringContext;
import io.espalier.spi.criterion.SliceCriterion;
import io.espalier.spi.option.OptionSpec;
import java.util.List;

/** A criterion with an option of every type; scores count slices. */
final class TestingCriterion implements SliceCriterion {

    @Override
    public String name() {
        return "testing-order";
    }

    @Override
    public String description() {
        return "Later slices are more important.";
    }

    @Override
    public List<OptionSpec> options() {
        return List.of(
                OptionSpec.number("power", 1.5, 0, 10, "a number"),
                OptionSpec.integer("steps", 3, 1, 100, "a whole number"),
                OptionSpec.choice("mode", List.of("fast", "exact"), "a word"),
                OptionSpec.text("label", "none", "any text"),
                OptionSpec.flag("strict", "a switch"));
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
