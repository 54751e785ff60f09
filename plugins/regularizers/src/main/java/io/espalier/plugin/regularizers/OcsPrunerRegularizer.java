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
 * The sparsity learning of OCSPruner (Ghimire et al., One-Cycle Structured Pruning via Stability-Driven Subnetwork Search, WACV 2026,
 * arXiv 2501.13439, and the authors' {@code main_cifar.py}): the channels that a cut would remove now shrink a little more after each
 * epoch, and are chosen anew after each.
 *
 * <pre>
 * w *= 1 - rate * strength_e   after each step, for the channels chosen after epoch e,   strength_e += growth after each epoch
 * </pre>
 *
 * <p>The authors also add the strength times the norms of these channels to the loss, but compute the norms without gradients, so that the
 * factor above is all that acts; so it is here. Chosen are the smallest squared norms, in means of their layers; theirs are weighed by cost
 * and size of slices. Their defaults are for 300 epochs, from the 30th on; raise the growth for short trainings. Made for {@code --schedule
 * stable}, which cuts when the choice has settled.
 */
public final class OcsPrunerRegularizer implements Regularizer {

    private static final String STRENGTH = "strength";
    private static final String GROWTH = "growth";
    private static final String START = "start";

    @Override
    public String name() {
        return "ocspruner";
    }

    @Override
    public String description() {
        return "OCSPruner: what a cut would remove now shrinks, a little more after each epoch.";
    }

    @Override
    public List<OptionSpec> options() {
        return List.of(
                OptionSpec.number(
                        STRENGTH, 1e-4, 0, 1e3, "how much channels shrink in the first epoch, times the rate"),
                OptionSpec.number(GROWTH, 1e-4, 0, 1e3, "what is added to it after each epoch"),
                OptionSpec.number(START, 0.1, 0, 1, "share of the training before the first choice"));
    }

    @Override
    public RegularizerWorker start(RegularizerContext context) {
        return new Worker(context);
    }

    private static final class Worker implements RegularizerWorker {

        private final RegularizerContext context;
        private final Channels channels;
        private final float[] chosen;
        private final int first;
        private final float[] strength = {0};

        Worker(RegularizerContext context) {
            this.context = context;
            this.channels = Channels.whole(context.groups());
            this.chosen = new float[channels.count()];
            this.first = (int) Math.max(1, Math.round(context.options().number(START) * context.epochs()));
        }

        @Override
        public Map<String, float[]> state() {
            return Map.of("chosen", chosen, STRENGTH, strength);
        }

        @Override
        public void afterStep(RegularizerStep step) {
            double factor = Math.max(0, 1 - step.rate() * strength[0]);
            for (int channel = 0; channel < chosen.length && factor < 1; channel++) {
                if (chosen[channel] != 0) {
                    channels.scale(channel, factor, step.weights());
                }
            }
        }

        @Override
        public void endEpoch(int epoch, Map<String, float[]> weights) {
            if (epoch < first) {
                return;
            }
            Options options = context.options();
            strength[0] = (float) (options.number(STRENGTH) + (epoch - first) * options.number(GROWTH));
            double[] squares = new double[chosen.length];
            for (int channel = 0; channel < squares.length; channel++) {
                squares[channel] = channels.dot(channel, weights, weights);
            }
            channels.mark(context.weakest(channels.byGroup(channels.inMeans(squares)), 1), chosen);
        }
    }
}
