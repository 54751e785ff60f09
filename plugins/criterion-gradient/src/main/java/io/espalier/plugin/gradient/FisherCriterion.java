package io.espalier.plugin.gradient;

import io.espalier.spi.criterion.Evidence;
import io.espalier.spi.criterion.ParameterAxis;
import io.espalier.spi.criterion.ScoringContext;
import io.espalier.spi.criterion.SliceCriterion;
import java.util.Set;

/**
 * Half the mean over examples of the squared sum of weight times gradient over a slice: the second-order change of the loss when
 * the slice is removed, with the empirical Fisher information of a gate on it in the place of the curvature.
 *
 * <p>Theis et al., "Faster gaze prediction with dense networks and Fisher pruning" (arXiv 1801.05787), section 2.2, equation 10,
 * with gates on slices of weights in the place of gates on activations.
 *
 * <p>Not for large networks in a hurry: every example is run alone. Not where training has not ended: the first-order change is
 * left out.
 */
public final class FisherCriterion implements SliceCriterion {

    @Override
    public String name() {
        return "fisher";
    }

    @Override
    public String description() {
        return "Curvature of the loss along a slice, by the Fisher information of single examples.";
    }

    @Override
    public Set<Evidence<?>> evidence() {
        return Set.of(Evidence.SLICE_FISHER);
    }

    @Override
    public double[] score(ParameterAxis axis, ScoringContext context) {
        double[] information = context.evidence(Evidence.SLICE_FISHER).of(axis);
        double[] scores = new double[axis.size()];
        for (int slice = 0; slice < information.length; slice++) {
            scores[slice] = information[slice] / 2;
        }
        return scores;
    }
}
