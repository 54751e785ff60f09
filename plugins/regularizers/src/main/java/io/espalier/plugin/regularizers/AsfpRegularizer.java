package io.espalier.plugin.regularizers;

import io.espalier.spi.option.OptionSpec;
import io.espalier.spi.regularizer.Regularizer;
import io.espalier.spi.regularizer.RegularizerContext;
import io.espalier.spi.regularizer.RegularizerWorker;
import java.util.List;

/**
 * Asymptotic soft filter pruning (He et al., Asymptotic Soft Filter Pruning for Deep Convolutional Neural Networks, IEEE Transactions
 * on Cybernetics 2020): {@link SfpRegularizer} with a rate that grows, fast at first.
 *
 * <pre>
 * progress = (1 - exp(-k t)) / (1 - exp(-k)),    t the share of the epochs that are over
 * </pre>
 *
 * <p>k is such that three quarters of the way are done at {@code knee} of the epochs; an eighth is the paper's value as we have it
 * second hand.
 */
public final class AsfpRegularizer implements Regularizer {

    private static final String KNEE = "knee";
    private static final double DONE = 0.75;

    @Override
    public String name() {
        return "asfp";
    }

    @Override
    public String description() {
        return "Asymptotic soft filter pruning: as sfp, but more and more channels.";
    }

    @Override
    public List<OptionSpec> options() {
        return List.of(
                OptionSpec.number(KNEE, 0.125, 0.01, 0.7, "share of the epochs after which three quarters are done"));
    }

    @Override
    public RegularizerWorker start(RegularizerContext context) {
        double steepness = steepness(context.options().number(KNEE));
        return new SoftPruning(context, epoch -> progress(steepness, (double) epoch / context.epochs()));
    }

    static double progress(double steepness, double time) {
        return -Math.expm1(-steepness * time) / -Math.expm1(-steepness);
    }

    /** By bisection: the curve is steeper the larger it is. */
    static double steepness(double knee) {
        double low = 1e-6;
        double high = 1e4;
        for (int i = 0; i < 200; i++) {
            double middle = (low + high) / 2;
            if (progress(middle, knee) < DONE) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high;
    }
}
