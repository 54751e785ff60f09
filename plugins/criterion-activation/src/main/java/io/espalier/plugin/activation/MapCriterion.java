package io.espalier.plugin.activation;

import io.espalier.spi.criterion.ActivationMaps;
import io.espalier.spi.criterion.ChannelCriterion;
import io.espalier.spi.criterion.ChannelGroup;
import io.espalier.spi.criterion.Evidence;
import io.espalier.spi.criterion.ScoringContext;
import io.espalier.spi.option.OptionSpec;
import java.util.List;
import java.util.Set;

/** A criterion that reads feature maps: the mean over examples, then over the values that carry the channels. */
abstract class MapCriterion implements ChannelCriterion {

    private static final String EXAMPLES = "examples";

    private final int standardExamples;

    /** A criterion that looks at so many examples unless it is told otherwise. */
    MapCriterion(int standardExamples) {
        this.standardExamples = standardExamples;
    }

    /**
     * One score a channel, from one example.
     *
     * @param maps for each channel its elements, row by row
     */
    abstract double[] score(float[][] maps, int columns);

    @Override
    public final List<OptionSpec> options() {
        return List.of(
                OptionSpec.integer(EXAMPLES, standardExamples, 1, 64, "how many calibration examples are looked at"));
    }

    @Override
    public final Set<Evidence<?>> evidence() {
        return Set.of(Evidence.ACTIVATION_MAPS);
    }

    @Override
    public final boolean scores(ChannelGroup group, ScoringContext context) {
        return !context.evidence(Evidence.ACTIVATION_MAPS).of(group).isEmpty();
    }

    @Override
    public final double[] score(ChannelGroup group, ScoringContext context) {
        List<ActivationMaps> values = context.evidence(Evidence.ACTIVATION_MAPS).of(group);
        int most = (int) context.options().integer(EXAMPLES);
        double[] scores = new double[group.size()];
        for (ActivationMaps value : values) {
            int examples = Math.min(most, value.maps().size());
            for (float[][] maps : value.maps().subList(0, examples)) {
                context.checkCancelled();
                double[] ofExample = score(maps, value.columns());
                for (int channel = 0; channel < scores.length; channel++) {
                    scores[channel] += ofExample[channel] / examples / values.size();
                }
            }
        }
        return scores;
    }
}
