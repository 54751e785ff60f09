package io.espalier.plugin.regularizers;

import io.espalier.spi.option.OptionSpec;
import io.espalier.spi.regularizer.Regularizer;
import io.espalier.spi.regularizer.RegularizerContext;
import io.espalier.spi.regularizer.RegularizerStep;
import io.espalier.spi.regularizer.RegularizerWorker;
import java.util.List;
import java.util.Map;

/**
 * Structured perspective regularization (Cacciola et al., Structured Pruning of Neural Networks for Constraints Learning / Deep Neural
 * Networks pruning via the Structured Perspective Regularization, arXiv 2206.14056): the convex envelope of a ridge with a price for
 * every channel that is not zero.
 *
 * <pre>
 * z(w) = min over max|w|/M &lt;= y &lt;= 1 of  a ||w||^2 / y + (1 - a) y,    c = sqrt(a / (1 - a))
 *   c ||w|| &gt;= 1:               a ||w||^2 + 1 - a
 *   max|w|/M &lt;= c ||w|| &lt; 1:  2 sqrt(a (1 - a)) ||w||
 *   c ||w|| &lt; max|w|/M:         a M ||w||^2 / max|w| + (1 - a) max|w| / M
 * </pre>
 *
 * <p>M is the largest weight of a group so far, where the paper takes that of a dense network. The paper's strength and a were not
 * seen; the defaults are ours. Not for groups whose norms differ by orders of magnitude: small groups lie in the lasso, large ones in
 * the ridge.
 */
public final class SprRegularizer implements Regularizer {

    private static final String STRENGTH = "strength";
    private static final String SHARE = "ridge";

    @Override
    public String name() {
        return "spr";
    }

    @Override
    public String description() {
        return "Structured perspective regularization: group lasso near zero, ridge for large channels.";
    }

    @Override
    public List<OptionSpec> options() {
        return List.of(
                OptionSpec.number(STRENGTH, 5e-3, 0, 1e3, "how much the penalty counts"),
                OptionSpec.number(SHARE, 0.1, 1e-6, 0.999999, "how much the ridge counts; the price counts the rest"));
    }

    @Override
    public RegularizerWorker start(RegularizerContext context) {
        return new Worker(
                Channels.whole(context.groups()),
                context.options().number(STRENGTH),
                context.options().number(SHARE));
    }

    private static final class Worker extends PenaltyWorker {

        private final double strength;
        private final double ridge;
        private final float[] bounds;

        Worker(Channels channels, double strength, double ridge) {
            super(channels);
            this.strength = strength;
            this.ridge = ridge;
            this.bounds = new float[channels.groups()];
        }

        @Override
        public Map<String, float[]> state() {
            return Map.of("bounds", bounds);
        }

        @Override
        void prepare(RegularizerStep step) {
            for (int channel = 0; channel < channels.count(); channel++) {
                int group = channels.groupOf(channel);
                bounds[group] = Math.max(bounds[group], (float) channels.largest(channel, step.weights()));
            }
        }

        @Override
        double of(int channel, Map<String, float[]> weights) {
            double norm = channels.norm(channel, weights);
            double share = norm == 0 ? 0 : channels.largest(channel, weights) / bounds[channels.groupOf(channel)];
            double steep = Math.sqrt(ridge / (1 - ridge)) * norm;
            if (norm == 0) {
                return 0;
            }
            double y = Math.min(1, Math.max(steep, share));
            return strength * (ridge * norm * norm / y + (1 - ridge) * y);
        }

        @Override
        double factor(int channel, Map<String, float[]> weights) {
            double norm = channels.norm(channel, weights);
            if (norm == 0) {
                return 0;
            }
            double share = channels.largest(channel, weights) / bounds[channels.groupOf(channel)];
            double steep = Math.sqrt(ridge / (1 - ridge)) * norm;
            return strength * 2 * ridge / Math.min(1, Math.max(steep, share));
        }

        @Override
        public void addGradient(RegularizerStep step) {
            super.addGradient(step);
            for (int channel = 0; channel < channels.count(); channel++) {
                addByLargest(channel, step);
            }
        }

        /** What the largest weight of a channel adds where it decides y. */
        private void addByLargest(int channel, RegularizerStep step) {
            double norm = channels.norm(channel, step.weights());
            double bound = bounds[channels.groupOf(channel)];
            double largest = channels.largest(channel, step.weights());
            if (norm == 0 || Math.sqrt(ridge / (1 - ridge)) * norm >= largest / bound) {
                return;
            }
            double slope = strength * (-ridge * bound * norm * norm / (largest * largest) + (1 - ridge) / bound);
            for (var slices : channels.slices(channel)) {
                float[] weight = step.weights().get(slices.weight());
                for (int element : channels.elements(channel, slices)) {
                    if (Math.abs(weight[element]) == (float) largest) {
                        step.gradients().get(slices.weight())[element] +=
                                (float) (slope * Math.signum(weight[element]));
                        return;
                    }
                }
            }
        }
    }
}
