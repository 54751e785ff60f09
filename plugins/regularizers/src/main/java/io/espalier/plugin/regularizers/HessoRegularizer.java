package io.espalier.plugin.regularizers;

import io.espalier.spi.option.OptionSpec;
import io.espalier.spi.regularizer.Regularizer;
import io.espalier.spi.regularizer.RegularizerContext;
import io.espalier.spi.regularizer.RegularizerStep;
import io.espalier.spi.regularizer.RegularizerWorker;
import java.util.List;
import java.util.Map;

/**
 * HESSO (Chen et al., HESSO: Towards Automatic Efficient and User Friendly Any Neural Network Training and Pruning, arXiv 2409.09085,
 * and the authors' {@code hesso.py}): in each of some periods the least important zero-invariant groups are chosen and multiplied by
 * {@code (T - t - 1) / (T - t)} after each of the T steps, so that they end at exactly zero.
 *
 * <pre>
 * importance = mean of ||x||, ||x|| / size, 1 - cos(x, g), |&lt;x, g&gt;|, each divided by its length over all groups,
 *              in means of the layers of x
 * </pre>
 *
 * <p>The authors add the square of the last part, which ranks groups as that part does, and 1 + cos, against the sign that their DHSPG
 * has; with g the gradient, a descent shrinks a group where cos &gt; 0, and we take that for redundant in both. Means of layers are ours: without
 * them wide layers end nearly empty, because their groups are short. Begins at a tenth and
 * ends at a quarter of the steps, the authors' default, in 10 periods. Averages of weights (--average) hold no zeros.
 */
public final class HessoRegularizer implements Regularizer {

    @Override
    public String name() {
        return "hesso";
    }

    @Override
    public String description() {
        return "HESSO: the least important zero-invariant groups fade to exactly zero in periods.";
    }

    @Override
    public List<OptionSpec> options() {
        return List.of(
                OptionSpec.integer("periods", 10, 1, 10000, "how often groups are chosen"),
                OptionSpec.number("start", 0.1, 0, 1, "share of the training before the first period"),
                OptionSpec.number("end", 0.25, 0, 1, "share of the training at the end of the last period"));
    }

    @Override
    public RegularizerWorker start(RegularizerContext context) {
        return new Worker(context);
    }

    private static final class Worker implements RegularizerWorker {

        /** Groups that are zero already are chosen again. */
        private static final double LEAST = -1e9;

        private final RegularizerContext context;
        private final ZeroGroups zeros;
        private final Channels made;
        private final float[] fading;
        private final long first;
        private final long length;
        private final long periods;

        Worker(RegularizerContext context) {
            this.context = context;
            this.zeros = new ZeroGroups(context);
            this.made = zeros.made();
            this.fading = new float[made.count()];
            this.first = (long) (context.options().number("start") * (context.steps() - 1));
            long end = Math.min(context.steps(), Math.max(first + 1, (long)
                    (context.options().number("end") * context.steps())));
            this.periods = Math.min(context.options().integer("periods"), end - first);
            this.length = (end - first) / periods;
        }

        @Override
        public Map<String, float[]> state() {
            return Map.of("zero", zeros.marks(), "fading", fading);
        }

        @Override
        public boolean isPrepared(long updates) {
            return updates >= first + length * periods;
        }

        /** How many steps of the periods are over before a step. */
        private long over(RegularizerStep step) {
            return step.number() - 1 - first;
        }

        private boolean isActive(RegularizerStep step) {
            return over(step) >= 0 && over(step) < length * periods;
        }

        @Override
        public void addGradient(RegularizerStep step) {
            if (isActive(step) && over(step) % length == 0) {
                double progress = (over(step) / length + 1.0) / periods;
                made.mark(context.weakest(made.byGroup(importance(step)), progress), fading);
            }
        }

        private double[] importance(RegularizerStep step) {
            double[][] parts = new double[4][fading.length];
            for (int channel = 0; channel < fading.length; channel++) {
                double norm = made.norm(channel, step.weights());
                parts[0][channel] = norm;
                parts[1][channel] = norm / Math.max(1, made.size(channel));
                parts[2][channel] = 1 - Scores.cosine(made, channel, step);
                parts[3][channel] = Math.abs(made.dot(channel, step.weights(), step.gradients()));
            }
            double[] importance = new double[fading.length];
            for (double[] part : parts) {
                Scores.divideByNorm(part);
                for (int channel = 0; channel < part.length; channel++) {
                    importance[channel] += part[channel] / parts.length;
                }
            }
            double[] compared = made.inMeans(importance);
            for (int channel = 0; channel < compared.length; channel++) {
                compared[channel] = zeros.isZero(channel) ? LEAST : compared[channel];
            }
            return compared;
        }

        @Override
        public void afterStep(RegularizerStep step) {
            if (isActive(step)) {
                long left = length - over(step) % length - 1;
                for (int channel = 0; channel < fading.length; channel++) {
                    if (fading[channel] != 0 && !zeros.isZero(channel)) {
                        made.scale(channel, left / (left + 1.0), step.weights());
                        if (left == 0) {
                            zeros.makeZero(channel);
                        }
                    }
                }
            }
            zeros.hold(step.weights());
        }
    }
}
