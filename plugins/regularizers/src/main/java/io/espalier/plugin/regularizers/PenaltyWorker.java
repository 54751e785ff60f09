package io.espalier.plugin.regularizers;

import io.espalier.spi.regularizer.RegularizerStep;
import io.espalier.spi.regularizer.RegularizerWorker;
import java.util.Map;

/** A penalty that is a sum over coupled channels. */
abstract class PenaltyWorker implements RegularizerWorker {

    final Channels channels;

    PenaltyWorker(Channels channels) {
        this.channels = channels;
    }

    /** Finds the factors of a step. */
    void prepare(RegularizerStep step) {}

    /** The penalty of a channel. */
    abstract double of(int channel, Map<String, float[]> weights);

    /** By what a channel's weights are multiplied to give the gradient of its penalty. */
    abstract double factor(int channel, Map<String, float[]> weights);

    @Override
    public double penalty(Map<String, float[]> weights) {
        double sum = 0;
        for (int channel = 0; channel < channels.count(); channel++) {
            sum += of(channel, weights);
        }
        return sum;
    }

    @Override
    public void addGradient(RegularizerStep step) {
        prepare(step);
        for (int channel = 0; channel < channels.count(); channel++) {
            double factor = factor(channel, step.weights());
            if (factor != 0) {
                channels.add(channel, factor, step.weights(), step.gradients());
            }
        }
    }
}
