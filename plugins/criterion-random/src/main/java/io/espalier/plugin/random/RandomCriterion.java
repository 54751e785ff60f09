package io.espalier.plugin.random;

import io.espalier.spi.criterion.ParameterAxis;
import io.espalier.spi.criterion.ParameterRole;
import io.espalier.spi.criterion.ScoringContext;
import io.espalier.spi.criterion.SliceCriterion;
import java.util.random.RandomGenerator;

/**
 * Random scores, uniform on [0, 1): the control that every criterion has to beat.
 *
 * <p>The numbers of a parameter depend on the seed of the run, its name and its axis, never on the order of calls. Only
 * producers take part, so most coupled channels have one score. Where a coupled channel has several producers (a
 * residual sum) the engine adds their scores; these sums are still independent and equally distributed within the group,
 * hence every order of its channels remains equally likely. Between groups the usual normalisation applies.
 */
public final class RandomCriterion implements SliceCriterion {

    @Override
    public String name() {
        return "random";
    }

    @Override
    public String description() {
        return "Uniform random scores from the seed of the run: the control to compare with.";
    }

    @Override
    public boolean scores(ParameterRole role) {
        return role == ParameterRole.PRODUCER;
    }

    @Override
    public double[] score(ParameterAxis axis, ScoringContext context) {
        RandomGenerator random = context.random(name(), axis.parameter() + " axis " + axis.axis());
        double[] scores = new double[axis.size()];
        for (int slice = 0; slice < scores.length; slice++) {
            scores[slice] = random.nextDouble();
        }
        return scores;
    }
}
