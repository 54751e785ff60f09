package io.espalier.plugin.regularizers;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.option.OptionSpec;
import io.espalier.spi.regularizer.Regularizer;
import io.espalier.spi.regularizer.RegularizerContext;
import io.espalier.spi.regularizer.RegularizerStep;
import io.espalier.spi.regularizer.RegularizerWorker;
import java.util.List;
import java.util.Map;

/**
 * ResRep (Ding et al., ResRep: Lossless CNN Pruning via Decoupling Remembering and Forgetting, ICCV 2021, section 3): a compactor Q behind
 * each layer learns which channels to forget, and the layers themselves go on to remember.
 *
 * <pre>
 * gradient of a row Q_j:  m_j dL/dQ_j + strength * Q_j / ||Q_j||,    m_j = 0 for the rows with the smallest norms
 * </pre>
 *
 * <p>Rows that lost the gradient of the loss shrink to nothing, and the compactor is merged into the layer. How many rows are chosen
 * grows in equal periods and they are chosen anew in each, until {@code fade} of the training is over; the authors take four more every
 * 200 steps after five epochs, and go on to the end. What is left of the chosen rows then is faded to zero over half of what is left of the
 * training (ours: in the authors' 180 epochs and more, none is). A row of length 1 needs a sum of {@code rate * strength / (1 - momentum)} of
 * 1; the strength is theirs, and wants to be raised in short trainings. They give compactors a momentum of 0.99; here the optimizer is
 * one for all. Where several layers compute one channel, as around an addition, which the authors leave alone, their rows go together.
 */
public final class ResRepRegularizer implements Regularizer {

    private static final String STRENGTH = "strength";
    private static final String PERIODS = "periods";
    private static final String START = "start";
    private static final String END = "end";
    private static final String FADE = "fade";

    @Override
    public String name() {
        return "resrep";
    }

    @Override
    public String description() {
        return "ResRep: matrices behind layers learn which channels to forget, and are merged into the layers.";
    }

    @Override
    public List<OptionSpec> options() {
        return List.of(
                OptionSpec.number(STRENGTH, 1e-4, 0, 1e3, "how much the length of a row counts"),
                OptionSpec.integer(PERIODS, 50, 1, 10000, "how often more rows are chosen"),
                OptionSpec.number(START, 0.02, 0, 1, "share of the training before the first choice"),
                OptionSpec.number(END, 0.2, 0, 1, "share of the training after which all are chosen"),
                OptionSpec.number(FADE, 0.5, 0, 1, "share of the training after which those left are faded to zero"));
    }

    @Override
    public boolean compacts() {
        return true;
    }

    @Override
    public RegularizerWorker start(RegularizerContext context) {
        if (context.compactors().isEmpty()) {
            throw new InvalidInputException(
                    "ResRep trains matrices behind layers, and this training has none; take another regularizer here");
        }
        return new Worker(context);
    }

    private static final class Worker implements RegularizerWorker {

        /** Longer than a row can be: channels without one are not chosen while there are others. */
        private static final double LONG = 1e9;

        private final RegularizerContext context;
        private final Channels rows;
        private final Channels readers;
        private final double strength;
        private final long first;
        private final long length;
        private final long periods;
        private final Fading fading;
        private final float[] forgotten;

        Worker(RegularizerContext context) {
            this.context = context;
            this.rows = Channels.of(context.groups(), context.compactors());
            this.readers = Channels.read(context.groups());
            this.strength = context.options().number(STRENGTH);
            this.first = (long) (context.options().number(START) * (context.steps() - 1));
            long end = Math.max(first + 1, (long) (context.options().number(END) * context.steps()));
            this.periods = Math.min(context.options().integer(PERIODS), end - first);
            this.length = (end - first) / periods;
            this.fading = new Fading(context.options().number(FADE), end, context.steps());
            this.forgotten = new float[rows.count()];
        }

        @Override
        public Map<String, float[]> state() {
            return Map.of("forgotten", forgotten);
        }

        @Override
        public boolean isPrepared(long updates) {
            return fading.isOver(updates);
        }

        @Override
        public double penalty(Map<String, float[]> weights) {
            double sum = 0;
            for (int channel = 0; channel < rows.count(); channel++) {
                sum += strength * rows.norm(channel, weights);
            }
            return sum;
        }

        @Override
        public void addGradient(RegularizerStep step) {
            long over = step.number() - 1 - first;
            if (over >= 0 && over % length == 0 && step.number() <= fading.from()) {
                choose(Math.min(1, (over / length + 1.0) / periods), step.weights());
            }
            for (int channel = 0; channel < forgotten.length; channel++) {
                if (forgotten[channel] != 0) {
                    rows.scale(channel, 0, step.gradients());
                }
                double norm = rows.norm(channel, step.weights());
                if (norm > 0) {
                    rows.add(channel, strength / norm, step.weights(), step.gradients());
                }
            }
        }

        private void choose(double progress, Map<String, float[]> weights) {
            double[] norms = new double[forgotten.length];
            for (int channel = 0; channel < norms.length; channel++) {
                int layers = rows.slices(channel).size();
                norms[channel] = layers == 0 ? LONG : rows.norm(channel, weights) / Math.sqrt(layers);
            }
            rows.mark(context.weakest(rows.byGroup(norms), progress), forgotten);
        }

        @Override
        public void afterStep(RegularizerStep step) {
            double factor = fading.factor(step);
            for (int channel = 0; channel < forgotten.length && factor < 1; channel++) {
                if (forgotten[channel] != 0) {
                    rows.scale(channel, factor, step.weights());
                    if (factor == 0) {
                        // What reads a channel that is zero goes too, so that the cut changes nothing.
                        readers.scale(channel, 0, step.weights());
                    }
                }
            }
        }
    }
}
