package io.espalier.plugin.regularizers;

import io.espalier.spi.option.OptionSpec;
import io.espalier.spi.option.Options;
import io.espalier.spi.regularizer.Regularizer;
import io.espalier.spi.regularizer.RegularizerContext;
import io.espalier.spi.regularizer.RegularizerStep;
import io.espalier.spi.regularizer.RegularizerWorker;
import java.util.List;
import java.util.Map;

/**
 * Growing regularization (Wang et al., Neural Pruning via Growing Regularization, ICLR 2021): a ridge on redundant channels that
 * grows until they are gone.
 *
 * <pre>
 * R = sum over channels of strength_k / 2 * ||w_k||^2,   strength_k += growth every few steps, up to the ceiling
 * </pre>
 *
 * <p>GReg-1 chooses by the L1 norm at the beginning; GReg-2 lets the ridge of all channels grow first, a tenth as fast, and chooses by
 * the norms that this has told apart; kept channels lose their ridge then. Authors' defaults: growth 1e-4 every 10 steps (5 on
 * ImageNet), ceiling 1. A training too short for that grows in larger steps, so that the ceiling is reached when {@code by} of it is
 * over. Made for SGD: Adam and AdamW divide the pull away.
 */
abstract class GRegRegularizer implements Regularizer {

    private final double picked;

    /**
     * A form of it.
     *
     * @param picked the share of the training after which channels are chosen
     */
    GRegRegularizer(double picked) {
        this.picked = picked;
    }

    @Override
    public List<OptionSpec> options() {
        return List.of(
                OptionSpec.number("growth", 1e-4, 0, 1e3, "what is added to the ridge at a time, at least"),
                OptionSpec.integer("every", 10, 1, 1000000, "steps between two additions"),
                OptionSpec.number("ceiling", 1, 0, 1e3, "the largest ridge"),
                OptionSpec.number(
                        "by", 0.7, 0.01, 1, "share of the training after which the ceiling is reached, at latest"));
    }

    @Override
    public RegularizerWorker start(RegularizerContext context) {
        return new Worker(context, 1 + (long) (picked * (context.steps() - 1)));
    }

    private static final class Worker extends PenaltyWorker {

        private static final double SLOWER = 0.1;

        private final RegularizerContext context;
        private final float[] strengths;
        private final float[] chosen;
        private final long pick;
        private final long every;
        private final double ceiling;
        private final double growth;

        Worker(RegularizerContext context, long pick) {
            super(Channels.whole(context.groups()));
            this.context = context;
            this.strengths = new float[channels.count()];
            this.chosen = new float[channels.count()];
            this.pick = pick;
            Options options = context.options();
            this.every = options.integer("every");
            this.ceiling = options.number("ceiling");
            double additions = Math.max(1, (options.number("by") * context.steps() - pick) / every);
            this.growth = Math.max(options.number("growth"), ceiling / additions);
        }

        @Override
        public Map<String, float[]> state() {
            return Map.of("chosen", chosen, "strengths", strengths);
        }

        @Override
        void prepare(RegularizerStep step) {
            if (step.number() == pick) {
                double[] norms = new double[chosen.length];
                for (int channel = 0; channel < norms.length; channel++) {
                    norms[channel] = channels.absoluteSum(channel, step.weights());
                }
                channels.mark(context.weakest(channels.byGroup(channels.inMeans(norms)), 1), chosen);
                for (int channel = 0; channel < norms.length; channel++) {
                    strengths[channel] *= chosen[channel];
                }
            }
            if (step.number() % every == 0) {
                for (int channel = 0; channel < strengths.length; channel++) {
                    double added = step.number() < pick ? SLOWER * growth : growth * chosen[channel];
                    strengths[channel] = (float) Math.min(ceiling, strengths[channel] + added);
                }
            }
        }

        @Override
        double of(int channel, Map<String, float[]> weights) {
            return strengths[channel] / 2 * channels.dot(channel, weights, weights);
        }

        @Override
        double factor(int channel, Map<String, float[]> weights) {
            return strengths[channel];
        }
    }
}
