package io.espalier.spi.criterion;

import io.espalier.spi.Stability;

/**
 * Scores the slices of one parameter at a time.
 *
 * <p>The engine reduces the scores of all slices that a coupled channel removes to one number (option
 * {@code --aggregate}), normalises within the group ({@code --normalise}) and ranks: SPA (arXiv 2403.18955, section
 * 3.2).
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.2.0")
public non-sealed interface SliceCriterion extends ImportanceCriterion {

    /**
     * Whether slices of this role take part. By default everything that is trained does; a coupled channel none of
     * whose slices take part scores 0, and a group none of whose channels has one is left alone.
     */
    default boolean scores(ParameterRole role) {
        return role != ParameterRole.NORM_STATISTIC;
    }

    /**
     * One score a slice. Called from several threads, once for each axis of each parameter that takes part.
     *
     * @return an array of {@link ParameterAxis#size()} finite scores
     */
    double[] score(ParameterAxis axis, ScoringContext context);
}
