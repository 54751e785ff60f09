package io.espalier.plugin.regularizers;

import io.espalier.spi.option.OptionSpec;
import io.espalier.spi.regularizer.Regularizer;
import io.espalier.spi.regularizer.RegularizerContext;
import io.espalier.spi.regularizer.RegularizerStep;
import io.espalier.spi.regularizer.RegularizerWorker;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Group sparsity of DepGraph (Fang et al., DepGraph: Towards Any Structural Pruning, CVPR 2023, section 3.3, in the form of the
 * authors' code): weak channels of a group decay up to 2^alpha times as fast as the strongest.
 *
 * <pre>
 * R = strength * sum over channels of gamma_k / 2 * ||w_k||^2,   gamma_k = 2^(alpha (Imax - I_k) / (Imax - Imin)),   I_k = root of the mean of ||slice||^2
 * </pre>
 *
 * <p>with the largest and smallest I of the group and gamma held constant within a step. The authors' defaults: strength 5e-4, alpha
 * 4, no weight decay beside it (--weight-decay 0). Here alpha counts (their constructor ignores it), and grouped convolutions do not
 * shorten gamma. Not for short trainings with the authors' strength: a pull of lr * strength needs tens of thousands of steps; raise it.
 */
public final class DepGraphRegularizer implements Regularizer {

    private static final String STRENGTH = "strength";
    private static final String ALPHA = "alpha";

    @Override
    public String name() {
        return "depgraph";
    }

    @Override
    public String description() {
        return "Group sparsity of DepGraph: weak coupled channels decay faster, up to 2^alpha times.";
    }

    @Override
    public List<OptionSpec> options() {
        return List.of(
                OptionSpec.number(STRENGTH, 5e-4, 0, 1e3, "how much the penalty counts"),
                OptionSpec.number(
                        ALPHA, 4, 0, 16, "the weakest channel decays 2^alpha times as fast as the strongest"));
    }

    @Override
    public RegularizerWorker start(RegularizerContext context) {
        return new Worker(
                Channels.whole(context.groups()),
                context.options().number(STRENGTH),
                context.options().number(ALPHA));
    }

    private static final class Worker extends PenaltyWorker {

        private final double strength;
        private final double alpha;
        private final double[] gamma;

        Worker(Channels channels, double strength, double alpha) {
            super(channels);
            this.strength = strength;
            this.alpha = alpha;
            this.gamma = new double[channels.count()];
        }

        @Override
        void prepare(RegularizerStep step) {
            double[] least = new double[channels.groups()];
            double[] most = new double[channels.groups()];
            Arrays.fill(least, Double.POSITIVE_INFINITY);
            for (int channel = 0; channel < gamma.length; channel++) {
                int slices = channels.slices(channel).size();
                gamma[channel] = channels.norm(channel, step.weights()) / Math.sqrt(slices);
                int group = channels.groupOf(channel);
                least[group] = Math.min(least[group], gamma[channel]);
                most[group] = Math.max(most[group], gamma[channel]);
            }
            for (int channel = 0; channel < gamma.length; channel++) {
                int group = channels.groupOf(channel);
                double range = most[group] - least[group];
                gamma[channel] = range == 0 ? 1 : Math.pow(2, alpha * (most[group] - gamma[channel]) / range);
            }
        }

        @Override
        double of(int channel, Map<String, float[]> weights) {
            return strength * gamma[channel] / 2 * channels.dot(channel, weights, weights);
        }

        @Override
        double factor(int channel, Map<String, float[]> weights) {
            return strength * gamma[channel];
        }
    }
}
