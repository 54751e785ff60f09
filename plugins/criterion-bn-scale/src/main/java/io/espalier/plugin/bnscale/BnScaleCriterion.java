package io.espalier.plugin.bnscale;

import io.espalier.spi.criterion.ParameterAxis;
import io.espalier.spi.criterion.ParameterRole;
import io.espalier.spi.criterion.ScoringContext;
import io.espalier.spi.criterion.SliceCriterion;

/**
 * The scale of a normalisation: {@code |gamma|}.
 *
 * <p>Liu et al., "Learning Efficient Convolutional Networks through Network Slimming" (arXiv 1708.06519), section 3.
 * Only parameters of the role {@link ParameterRole#NORM_SCALE} take part, so groups without one are left
 * alone: do not use it where normalisation was folded into the weights. It says most
 * about networks trained with an L1 penalty on the scales.
 */
public final class BnScaleCriterion implements SliceCriterion {

    @Override
    public String name() {
        return "bn-scale";
    }

    @Override
    public String description() {
        return "Absolute scale of the normalisation after a layer (Network Slimming); needs unfolded normalisation.";
    }

    @Override
    public boolean scores(ParameterRole role) {
        return role == ParameterRole.NORM_SCALE;
    }

    @Override
    public double[] score(ParameterAxis axis, ScoringContext context) {
        double[] scores = new double[axis.size()];
        axis.forEach((slice, gamma) -> scores[slice] += Math.abs(gamma));
        return scores;
    }
}
