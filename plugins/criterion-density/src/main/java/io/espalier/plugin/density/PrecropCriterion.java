package io.espalier.plugin.density;

import io.espalier.spi.criterion.ChannelCriterion;
import io.espalier.spi.criterion.ChannelGroup;
import io.espalier.spi.criterion.ParameterRole;
import io.espalier.spi.criterion.ScoringContext;
import java.util.Arrays;

/**
 * What the logarithms of the densities of layers lose with a channel: {@code m log((k + 1) / k)} for the {@code k}-th channel of a
 * group, where {@code m} weights compute or read the channels. No weight and no data is looked at; of a group the last channels are
 * removed first.
 *
 * <p>Cai et al., "Structured Pruning of CNNs at Initialization" (PreCrop, arXiv 2203.02549): the accuracy that a network reaches depends on
 * the share of parameters that each layer keeps, whichever they are; to keep most is to maximise the sum of the logarithms of
 * these densities at the target. The density of a weight is the product of the shares of its inputs and its outputs that are kept, so a
 * group counts once for each of its weights. Theirs is solved for all widths at once; here channels are removed one by one, by score per
 * cost ({@code --normalise none --allocator per-cost}), with costs worked out again at each of {@code --steps}. The last channel of a
 * group has a finite score too, as if there were one more.
 *
 * <p>Not for trained networks, whose channels differ, and not with a normalisation or another allocator: its scores are a rule for
 * widths.
 */
public final class PrecropCriterion implements ChannelCriterion {

    @Override
    public String name() {
        return "precrop";
    }

    @Override
    public String description() {
        return "Widths by the densities of layers alone, without data, before training (PreCrop).";
    }

    @Override
    public double[] score(ChannelGroup group, ScoringContext context) {
        long weights = group.axes().stream()
                .filter(axis -> axis.role() == ParameterRole.PRODUCER || axis.role() == ParameterRole.CONSUMER)
                .count();
        double[] scores = new double[group.size()];
        Arrays.setAll(scores, channel -> Math.max(1, weights) * Math.log1p(1.0 / (channel + 1)));
        return scores;
    }
}
