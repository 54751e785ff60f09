package io.espalier.plugin.reconstruction;

import io.espalier.spi.criterion.ScoringContext;
import io.espalier.spi.criterion.WeightInputs;
import java.util.List;

/**
 * Greedy removal by the error of the next layer: next is the channel whose removal, with those before it, adds least to the
 * squared error of the outputs of the weights that read it, {@code ||sum of the contributions of all removed||^2}.
 *
 * <p>Luo et al., "ThiNet: A Filter Level Pruning Method for Deep Neural Network Compression" (ICCV 2017, arXiv 1707.06342),
 * section 3.2, algorithm 1, on all samples instead of drawn ones: second moments of contributions say all of it. A channel
 * scores what its removal adds, relative to the energy of the outputs, and no less than the channels removed before it.
 *
 * <p>Not for cuts that {@code obs} recovers: it counts as lost what the other channels can take over.
 */
public final class ThinetCriterion extends ReadersCriterion {

    @Override
    public String name() {
        return "thinet";
    }

    @Override
    public String description() {
        return "Greedy: what the removal adds to the error of the layers that read the channel (ThiNet).";
    }

    @Override
    double[] score(int channels, List<WeightInputs> readers, ScoringContext context) {
        double[][] moments = Contributions.of(channels, readers);
        double[] added = new double[channels];
        for (int k = 0; k < channels; k++) {
            added[k] = moments[k][k];
        }
        return RemovalOrder.scores(channels, context, channel -> added[channel], removed -> {
            for (int k = 0; k < channels; k++) {
                added[k] += 2 * moments[removed][k];
            }
        });
    }
}
