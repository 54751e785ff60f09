package io.espalier.plugin.magnitude;

import io.espalier.spi.criterion.ParameterAxis;
import io.espalier.spi.criterion.ScoringContext;
import io.espalier.spi.criterion.SliceCriterion;

/**
 * The L1 norm of a slice: the sum of {@code |w|} over its elements.
 *
 * <p>Li et al., "Pruning Filters for Efficient ConvNets" (arXiv 1608.08710), section 3.1, with the element score of SPA
 * (arXiv 2403.18955). All trained parameters take part: weights, biases, scales and shifts of normalisations. Scores of
 * layers with different fan-in differ in size, so rank globally only with normalised scores.
 */
public final class L1Criterion implements SliceCriterion {

    @Override
    public String name() {
        return "l1";
    }

    @Override
    public String description() {
        return "Sum of absolute weights: slices of small weights go first.";
    }

    @Override
    public double[] score(ParameterAxis axis, ScoringContext context) {
        return ElementSum.of(axis, Math::abs);
    }
}
