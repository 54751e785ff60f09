package io.espalier.spi.criterion;

import io.espalier.spi.RunContext;
import io.espalier.spi.Stability;
import io.espalier.spi.option.Options;
import io.espalier.spi.provider.Provider;

/**
 * Scores the slices of a parameter; a higher score means more important.
 *
 * <p>The engine reduces the scores of all slices that a coupled channel removes to one number (option
 * {@code --aggregate}), normalises within the group ({@code --normalise}) and ranks: SPA (arXiv 2403.18955, section
 * 3.2). Stateless and thread-safe; the result must not depend on call order. Scores must be finite.
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public interface ImportanceCriterion extends Provider {

    /**
     * Whether slices of this role take part. By default everything that is trained does; a coupled channel none of
     * whose slices take part scores 0.
     */
    default boolean scores(ParameterRole role) {
        return role != ParameterRole.NORM_STATISTIC;
    }

    /**
     * One score a slice.
     *
     * @return an array of {@link ParameterAxis#size()} scores, accumulated in double
     */
    double[] score(ParameterAxis axis, Options options, RunContext context);
}
