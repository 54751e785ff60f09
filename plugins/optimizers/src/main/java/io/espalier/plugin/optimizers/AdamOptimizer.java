package io.espalier.plugin.optimizers;

import io.espalier.spi.optimizer.Optimizer;
import io.espalier.spi.optimizer.OptimizerStep;
import io.espalier.spi.option.OptionSpec;
import io.espalier.spi.option.Options;
import java.util.List;

/**
 * Adam: each element follows the mean of its gradients by the root of the mean of their squares (Kingma and Ba, arXiv 1412.6980,
 * algorithm 1).
 *
 * <p>Decay is added to the gradient, and so divided like it: elements with large gradients hardly decay. {@link AdamWOptimizer}
 * decays all alike.
 */
public final class AdamOptimizer implements Optimizer {

    @Override
    public String name() {
        return "adam";
    }

    @Override
    public String description() {
        return "Steps of like size for all elements, whatever the size of their gradients.";
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
        float decay = (float) step.decay();
        for (int i = 0; i < weight.length; i++) {
            gradient[i] += decay * weight[i];
        }
        Moments.direct(gradient, state, step);
        float rate = (float) step.rate();
        for (int i = 0; i < weight.length; i++) {
            weight[i] -= rate * gradient[i];
        }
    }
}
