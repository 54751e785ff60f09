package io.espalier.testkit;

import io.espalier.spi.criterion.ChannelCriterion;
import io.espalier.spi.criterion.ChannelGroup;
import io.espalier.spi.criterion.Evidence;
import io.espalier.spi.criterion.ParameterAxis;
import io.espalier.spi.criterion.ScoringContext;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.Map;
import java.util.Set;

/** Scores a channel by the sum of |weight x gradient| over all of its slices. */
public final class TestingChannelCriterion implements ChannelCriterion {

    @Override
    public String name() {
        return "testing-taylor";
    }

    @Override
    public String description() {
        return "Sum of the magnitudes of weight times gradient.";
    }

    @Override
    public Set<Evidence<?>> evidence() {
        return Set.of(Evidence.LOSS_GRADIENTS);
    }

    @Override
    public double[] score(ChannelGroup group, ScoringContext context) {
        Map<String, Tensor> gradients = context.evidence(Evidence.LOSS_GRADIENTS);
        double[] scores = new double[group.size()];
        for (int axis = 0; axis < group.axes().size(); axis++) {
            double[] slices = slices(group.axes().get(axis), gradients);
            for (int channel = 0; channel < scores.length; channel++) {
                for (int slice : group.slices(channel, axis)) {
                    scores[channel] += slices[slice];
                }
            }
        }
        return scores;
    }

    private static double[] slices(ParameterAxis axis, Map<String, Tensor> gradients) {
        double[] gradient = Tensors.toDoubles(gradients.get(axis.parameter()));
        double[] scores = new double[axis.size()];
        int[] next = {0};
        axis.forEach((slice, value) -> scores[slice] += Math.abs(value * gradient[next[0]++]));
        return scores;
    }
}
