package io.espalier.plugin.optimizers;

import io.espalier.spi.optimizer.Optimizer;
import io.espalier.spi.optimizer.OptimizerStep;
import io.espalier.spi.option.OptionSpec;
import io.espalier.spi.option.Options;
import java.util.List;

/**
 * LAMB: the direction of AdamW, made as long as the weight is (You et al., Large batch optimization for deep learning, arXiv
 * 1904.00962, algorithm 2, with the identity as phi): w -= r (|w| / |u|) u with u = direction + d w. Where w or u is zero the
 * direction is taken as it is.
 *
 * <p>For batches of thousands of examples; with small ones {@link AdamWOptimizer} does as well.
 */
public final class LambOptimizer implements Optimizer {

    @Override
    public String name() {
        return "lamb";
    }

    @Override
    public String description() {
        return "AdamW with steps in proportion to each weight, for very large batches.";
    }

    @Override
    public List<OptionSpec> options() {
        return Moments.options(1e-6);
    }

    @Override
    public double defaultRate() {
        return 2e-3;
    }

    @Override
    public List<String> state(Options options) {
        return Moments.STATE;
    }

    @Override
    public void update(float[] weight, float[] gradient, List<float[]> state, OptimizerStep step) {
        Moments.direct(gradient, state, step);
        float decay = (float) step.decay();
        double length = 0;
        double stride = 0;
        for (int i = 0; i < weight.length; i++) {
            gradient[i] += decay * weight[i];
            length += (double) weight[i] * weight[i];
            stride += (double) gradient[i] * gradient[i];
        }
        double trust = length > 0 && stride > 0 ? Math.sqrt(length / stride) : 1;
        float rate = (float) (step.rate() * trust);
        for (int i = 0; i < weight.length; i++) {
            weight[i] -= rate * gradient[i];
        }
    }
}
