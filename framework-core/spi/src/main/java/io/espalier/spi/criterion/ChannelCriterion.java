package io.espalier.spi.criterion;

import io.espalier.spi.Stability;

/**
 * Scores whole coupled channels: criteria that look at activations, or at all parameters of a channel together.
 *
 * <p>Where channels can only be removed in sets, such as attention heads, the engine reduces the scores of a set to one
 * number (option {@code --aggregate}).
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.2.0")
public non-sealed interface ChannelCriterion extends ImportanceCriterion {

    /**
     * Whether the channels of a group take part. By default all do; a coupled channel none of whose parts take part scores 0,
     * and where that is all of a group, the group is left alone.
     */
    default boolean scores(ChannelGroup group, ScoringContext context) {
        return true;
    }

    /**
     * One score a coupled channel. Called from several threads, once for each group.
     *
     * @return an array of {@link ChannelGroup#size()} finite scores
     */
    double[] score(ChannelGroup group, ScoringContext context);
}
