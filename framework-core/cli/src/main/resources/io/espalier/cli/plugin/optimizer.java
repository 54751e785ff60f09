package {package};

import io.espalier.spi.optimizer.Optimizer;
import io.espalier.spi.optimizer.OptimizerStep;
import io.espalier.spi.option.Options;
import java.util.List;

/** Steps of one length against the sign of the gradient. Put your formula and its source here. */
public final class {class} implements Optimizer {

    @Override
    public String name() {
        return "{name}";
    }

    @Override
    public String description() {
        return "Steps of one length against the sign of the gradient.";
    }

    @Override
    public double defaultRate() {
        return 1e-3;
    }

    @Override
    public List<String> state(Options options) {
        return List.of();
    }

    @Override
    public void update(float[] weight, float[] gradient, List<float[]> state, OptimizerStep step) {
        float rate = (float) step.rate();
        float decay = (float) step.decay();
        for (int i = 0; i < weight.length; i++) {
            weight[i] -= rate * (Math.signum(gradient[i]) + decay * weight[i]);
        }
    }
}
