package io.espalier.plugin.activation;

import io.espalier.spi.criterion.ActivationStatistics;
import io.espalier.spi.criterion.ChannelCriterion;
import io.espalier.spi.criterion.ChannelGroup;
import io.espalier.spi.criterion.Evidence;
import io.espalier.spi.criterion.ScoringContext;
import java.util.List;
import java.util.Set;

/** A criterion that reads statistics: the mean over the values that carry the channels. */
abstract class StatisticCriterion implements ChannelCriterion {

    /** One score a channel, from what the channels hold in one value. */
    abstract double[] score(ActivationStatistics statistics);

    @Override
    public final Set<Evidence<?>> evidence() {
        return Set.of(Evidence.ACTIVATION_STATISTICS);
    }

    @Override
    public final boolean scores(ChannelGroup group, ScoringContext context) {
        return !context.evidence(Evidence.ACTIVATION_STATISTICS).of(group).isEmpty();
    }

    @Override
    public final double[] score(ChannelGroup group, ScoringContext context) {
        List<ActivationStatistics> values =
                context.evidence(Evidence.ACTIVATION_STATISTICS).of(group);
        double[] scores = new double[group.size()];
        for (ActivationStatistics statistics : values) {
            double[] ofValue = score(statistics);
            for (int channel = 0; channel < scores.length; channel++) {
                scores[channel] += ofValue[channel] / values.size();
            }
        }
        return scores;
    }
}
