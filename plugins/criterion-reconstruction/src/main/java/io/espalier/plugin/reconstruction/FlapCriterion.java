package io.espalier.plugin.reconstruction;

import io.espalier.spi.criterion.ScoringContext;
import io.espalier.spi.criterion.WeightInputs;
import java.util.List;

/**
 * Fluctuation: the variance of what is read of a channel times the square of the weights that read it, {@code sum var(x_j)
 * ||w_j||^2} over the inputs {@code j} of the channel, summed over all weights that read it. What does not fluctuate can be put
 * into a bias.
 *
 * <p>An et al., "Fluctuation-based Adaptive Structured Pruning for Large Language Models" (FLAP, AAAI 2024, arXiv 2312.11983),
 * section 3.2; the paper compares layers by standard scores ({@code --normalise standard}).
 *
 * <p>Not for use without a recovery that refits biases, such as {@code obs}: the means of removed channels are lost.
 */
public final class FlapCriterion extends ReadersCriterion {

    @Override
    public String name() {
        return "flap";
    }

    @Override
    public String description() {
        return "Variance of what is read of a channel times the squared weights that read it (FLAP).";
    }

    @Override
    double[] score(int channels, List<WeightInputs> readers, ScoringContext context) {
        return InputScores.sum(
                channels, readers, (reader, at, column) -> column.squares() * InputScores.variance(reader, at));
    }
}
