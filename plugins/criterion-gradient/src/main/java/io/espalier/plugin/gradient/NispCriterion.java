package io.espalier.plugin.gradient;

import io.espalier.spi.criterion.ChannelCriterion;
import io.espalier.spi.criterion.ChannelFlow;
import io.espalier.spi.criterion.ChannelGroup;
import io.espalier.spi.criterion.Evidence;
import io.espalier.spi.criterion.ScoringContext;
import io.espalier.spi.loss.NamedLoss;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Importance of the last layer propagated to each channel: {@code s_l = |W|^T s_(l+1)}, summed over the positions of the channel and
 * over the values in which weights read it.
 *
 * <p>Yu et al., "NISP: Pruning Networks using Neuron Importance Score Propagation" (arXiv 1711.05908), section 3.3, equation 18. Where
 * theirs starts from a ranking of features on data, all outputs count alike here, so that no data is read; another loss says
 * otherwise. Activations hand on what they get; normalisations and pools do so too, by their scales and shares.
 *
 * <p>Not for the comparison of layers: sums of magnitudes grow towards the inputs. Take a normalisation within groups, or {@code uniform}.
 */
public final class NispCriterion implements ChannelCriterion {

    private static final NamedLoss LOSS = new NamedLoss("sum", Map.of());

    @Override
    public String name() {
        return "nisp";
    }

    @Override
    public String description() {
        return "Importance of the outputs propagated back along magnitudes of weights, without data (NISP).";
    }

    @Override
    public NamedLoss loss() {
        return LOSS;
    }

    @Override
    public Set<Evidence<?>> evidence() {
        return Set.of(Evidence.CHANNEL_FLOW);
    }

    @Override
    public boolean scores(ChannelGroup group, ScoringContext context) {
        return !context.evidence(Evidence.CHANNEL_FLOW).of(group).isEmpty();
    }

    @Override
    public double[] score(ChannelGroup group, ScoringContext context) {
        List<ChannelFlow> flows = context.evidence(Evidence.CHANNEL_FLOW).of(group);
        double[] scores = new double[group.size()];
        flows.forEach(flow -> Arrays.setAll(scores, channel -> scores[channel] + flow.gradients()[channel]));
        return scores;
    }
}
