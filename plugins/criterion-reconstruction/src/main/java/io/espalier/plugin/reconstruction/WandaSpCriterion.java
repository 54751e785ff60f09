package io.espalier.plugin.reconstruction;

import io.espalier.spi.criterion.ScoringContext;
import io.espalier.spi.criterion.WeightInputs;
import java.util.List;

/**
 * Magnitudes of the weights that read a channel times the root mean square of what they read: {@code sum |w_oj| ||x_j||} over
 * outputs {@code o} and the inputs {@code j} of the channel, summed over all weights that read it.
 *
 * <p>Wanda (Sun et al., arXiv 2306.11695, section 3), for whole channels as An et al. do to compare with (Wanda-sp, arXiv
 * 2312.11983, section 4.1).
 *
 * <p>Not for cuts that a recovery follows: it takes inputs as independent of each other, and sees no channel that others can
 * stand in for.
 */
public final class WandaSpCriterion extends ReadersCriterion {

    @Override
    public String name() {
        return "wanda-sp";
    }

    @Override
    public String description() {
        return "Magnitude of the weights that read a channel times the norm of what they read (Wanda-sp).";
    }

    @Override
    double[] score(int channels, List<WeightInputs> readers, ScoringContext context) {
        return InputScores.sum(
                channels,
                readers,
                (reader, at, column) -> column.magnitudes() * Math.sqrt(InputScores.meanSquare(reader, at)));
    }
}
