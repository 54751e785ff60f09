package io.espalier.plugin.reconstruction;

import io.espalier.spi.criterion.ChannelCriterion;
import io.espalier.spi.criterion.ChannelGroup;
import io.espalier.spi.criterion.Evidence;
import io.espalier.spi.criterion.ScoringContext;
import io.espalier.spi.criterion.WeightInputs;
import java.util.List;
import java.util.Set;

/** A criterion that reads the weights which read a channel, with the moments of their inputs. */
abstract class ReadersCriterion implements ChannelCriterion {

    /** One score a channel, from all weights that read channels of the group. */
    abstract double[] score(int channels, List<WeightInputs> readers, ScoringContext context);

    @Override
    public final Set<Evidence<?>> evidence() {
        return Set.of(Evidence.WEIGHT_INPUTS);
    }

    /** Only channels that weights read: what two activations multiplied with each other lose is not seen. */
    @Override
    public final boolean scores(ChannelGroup group, ScoringContext context) {
        return !context.evidence(Evidence.WEIGHT_INPUTS).of(group).isEmpty();
    }

    @Override
    public final double[] score(ChannelGroup group, ScoringContext context) {
        return score(group.size(), context.evidence(Evidence.WEIGHT_INPUTS).of(group), context);
    }
}
