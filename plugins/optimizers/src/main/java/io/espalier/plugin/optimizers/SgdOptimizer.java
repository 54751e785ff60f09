package io.espalier.plugin.optimizers;

import io.espalier.spi.optimizer.Optimizer;
import io.espalier.spi.optimizer.OptimizerStep;
import io.espalier.spi.option.OptionSpec;
import io.espalier.spi.option.Options;
import java.util.List;

/**
 * Stochastic gradient descent with momentum (Sutskever et al., On the importance of initialization and momentum in deep learning,
 * ICML 2013, in the form of PyTorch, where the rate is no part of the momentum).
 *
 * <p>With gradient g, weight w, rate r, decay d and momentum m:
 *
 * <pre>
 * g += d w;  v = m v + g;  w -= r v,  or w -= r (g + m v) with Nesterov's momentum
 * </pre>
 *
 * <p>For convolutional networks. Transformers learn little with it: their gradients differ too much from weight to weight.
 */
public final class SgdOptimizer implements Optimizer {

    private static final String MOMENTUM = "momentum";
    private static final String NESTEROV = "nesterov";

    @Override
    public String name() {
        return "sgd";
    }

    @Override
    public String description() {
        return "Gradient descent with momentum, for convolutional networks.";
    }

    @Override
    public List<OptionSpec> options() {
        return List.of(
                OptionSpec.number(MOMENTUM, 0.9, 0, 1, "share of the last direction that is kept"),
                OptionSpec.flag(NESTEROV, "whether the gradient counts where the momentum leads"));
    }

    @Override
    public double defaultRate() {
        return 0.1;
    }

    @Override
    public List<String> state(Options options) {
        return options.number(MOMENTUM) == 0 ? List.of() : List.of(MOMENTUM);
    }

    @Override
    public void update(float[] weight, float[] gradient, List<float[]> state, OptimizerStep step) {
        float rate = (float) step.rate();
        float decay = (float) step.decay();
        if (state.isEmpty()) {
            for (int i = 0; i < weight.length; i++) {
                weight[i] -= rate * (gradient[i] + decay * weight[i]);
            }
            return;
        }
        float momentum = (float) step.options().number(MOMENTUM);
        boolean nesterov = step.options().flag(NESTEROV);
        float[] velocity = state.get(0);
        for (int i = 0; i < weight.length; i++) {
            float pull = gradient[i] + decay * weight[i];
            velocity[i] = momentum * velocity[i] + pull;
            weight[i] -= rate * (nesterov ? pull + momentum * velocity[i] : velocity[i]);
        }
    }
}
