package io.espalier.plugin.regularizers;

import io.espalier.spi.regularizer.Regularizer;
import io.espalier.spi.regularizer.RegularizerContext;
import io.espalier.spi.regularizer.RegularizerWorker;

/**
 * Soft filter pruning (He et al., Soft Filter Pruning for Accelerating Deep Convolutional Neural Networks, IJCAI 2018): after each
 * epoch the filters of the smallest L2 norms, as many as the target asks for, are set to zero, and are trained on all the same.
 *
 * <p>The authors prune every layer at one rate; here channels of all groups compete by their share of the group's squared norm, as
 * in the cut. Not for trainings of one or two epochs: nothing grows back in time.
 */
public final class SfpRegularizer implements Regularizer {

    @Override
    public String name() {
        return "sfp";
    }

    @Override
    public String description() {
        return "Soft filter pruning: the smallest channels are zeroed after each epoch and may grow back.";
    }

    @Override
    public RegularizerWorker start(RegularizerContext context) {
        return new SoftPruning(context, epoch -> 1);
    }
}
