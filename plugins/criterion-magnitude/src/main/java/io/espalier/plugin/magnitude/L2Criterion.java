package io.espalier.plugin.magnitude;

import io.espalier.spi.criterion.ParameterAxis;
import io.espalier.spi.criterion.ScoringContext;
import io.espalier.spi.criterion.SliceCriterion;

/**
 * The squared L2 norm of a slice: the sum of {@code w^2} over its elements, without a square root.
 *
 * <p>This is the element score that SPA (arXiv 2403.18955) sums over a coupled channel, so that the score of a coupled
 * channel is the squared norm of everything it removes. A root taken slice by slice would give another order when a
 * channel removes several slices. All trained parameters take part.
 */
public final class L2Criterion implements SliceCriterion {

    @Override
    public String name() {
        return "l2";
    }

    @Override
    public String description() {
        return "Sum of squared weights, without a root: slices of little energy go first.";
    }

    @Override
    public double[] score(ParameterAxis axis, ScoringContext context) {
        return ElementSum.of(axis, value -> value * value);
    }
}
