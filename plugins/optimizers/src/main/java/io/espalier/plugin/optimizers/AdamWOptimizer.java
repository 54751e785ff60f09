package io.espalier.plugin.optimizers;

import io.espalier.spi.optimizer.Optimizer;
import io.espalier.spi.optimizer.OptimizerStep;
import io.espalier.spi.option.OptionSpec;
import io.espalier.spi.option.Options;
import java.util.List;

/**
 * Adam whose decay is no part of the gradient (Loshchilov and Hutter, arXiv 1711.05101, algorithm 2, where the decay is
 * multiplied with the rate as PyTorch does): w -= r (direction + d w).
 */
public final class AdamWOptimizer implements Optimizer {

    @Override
    public String name() {
        return "adamw";
    }

    @Override
    public String description() {
        return "Adam with a decay of its own, for transformers and most other networks.";
    }

    @Override
    public List<OptionSpec> options() {
        return Moments.options(1e-8);
    }

    @Override
    public double defaultRate() {
        return 1e-3;
    }

    @Override
    public List<String> state(Options options) {
        return Moments.STATE;
    }

    @Override
    public void update(float[] weight, float[] gradient, List<float[]> state, OptimizerStep step) {
        Moments.direct(gradient, state, step);
        float rate = (float) step.rate();
        float kept = (float) (1 - step.rate() * step.decay());
        for (int i = 0; i < weight.length; i++) {
            weight[i] = kept * weight[i] - rate * gradient[i];
        }
    }
}
