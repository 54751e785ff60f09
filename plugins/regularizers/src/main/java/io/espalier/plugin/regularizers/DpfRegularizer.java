package io.espalier.plugin.regularizers;

import io.espalier.spi.option.OptionSpec;
import io.espalier.spi.regularizer.CoupledSlices;
import io.espalier.spi.regularizer.Regularizer;
import io.espalier.spi.regularizer.RegularizerContext;
import io.espalier.spi.regularizer.RegularizerStep;
import io.espalier.spi.regularizer.RegularizerWorker;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Dynamic pruning with feedback (Lin et al., Dynamic Model Pruning with Feedback, ICLR 2020, with whole channels): the loss is that
 * of the pruned network, its gradient updates dense weights that are kept beside, and which channels are pruned is decided anew
 * every few steps.
 *
 * <p>How much is pruned grows with the cube of the time to {@code end} of the training; after it the choice stands. Every 16 steps is
 * the authors' default. Channels compete by their share of the group's squared norm, as in the cut. Momentum is that of the dense weights.
 */
public final class DpfRegularizer implements Regularizer {

    @Override
    public String name() {
        return "dpf";
    }

    @Override
    public String description() {
        return "Dynamic pruning with feedback: gradients of the pruned network update dense weights; channels come back.";
    }

    @Override
    public List<OptionSpec> options() {
        return List.of(
                OptionSpec.integer("every", 16, 1, 1000000, "steps between two choices"),
                OptionSpec.number("end", 0.75, 0.01, 1, "share of the training after which the choice stands"));
    }

    @Override
    public RegularizerWorker start(RegularizerContext context) {
        return new Worker(context);
    }

    private static final class Worker implements RegularizerWorker {

        private final RegularizerContext context;
        private final Channels made;
        private final Channels whole;
        private final float[] pruned;
        /** The dense weights of pruned channels, slice by slice. */
        private final Map<String, float[]> state = new LinkedHashMap<>();

        Worker(RegularizerContext context) {
            this.context = context;
            this.made = Channels.made(context.groups());
            this.whole = Channels.whole(context.groups());
            this.pruned = new float[made.count()];
            state.put("pruned", pruned);
            for (int channel = 0; channel < pruned.length; channel++) {
                int number = 0;
                for (CoupledSlices each : made.slices(channel)) {
                    state.put(name(channel, number++), new float[made.elements(channel, each).length]);
                }
            }
        }

        private static String name(int channel, int slices) {
            return "dense " + channel + "." + slices;
        }

        @Override
        public Map<String, float[]> state() {
            return state;
        }

        @Override
        public void afterStep(RegularizerStep step) {
            for (int channel = 0; channel < pruned.length; channel++) {
                if (pruned[channel] != 0) {
                    feedBack(channel, step.weights());
                }
            }
            double time = time(step.number());
            boolean isLast = time >= 1 && time(step.number() - 1) < 1;
            if (isLast || time < 1 && step.number() % context.options().integer("every") == 0) {
                choose(step.weights(), Math.max(1e-6, 1 - Math.pow(1 - Math.min(1, time), 3)));
            }
        }

        /** How much of the time to the last choice is over. */
        private double time(long updates) {
            return updates / (context.options().number("end") * context.steps());
        }

        @Override
        public boolean isPrepared(long updates) {
            return time(updates) >= 1;
        }

        /** Pruned weights were zero: what the update made of them is what it adds to the dense ones. */
        private void feedBack(int channel, Map<String, float[]> weights) {
            int number = 0;
            for (CoupledSlices each : made.slices(channel)) {
                float[] dense = state.get(name(channel, number++));
                float[] values = weights.get(each.weight());
                int place = 0;
                for (int element : made.elements(channel, each)) {
                    dense[place++] += values[element];
                    values[element] = 0;
                }
            }
        }

        private void choose(Map<String, float[]> weights, double progress) {
            double[] squares = new double[pruned.length];
            for (int channel = 0; channel < pruned.length; channel++) {
                if (pruned[channel] != 0) {
                    exchange(channel, weights);
                }
                squares[channel] = made.dot(channel, weights, weights);
            }
            made.mark(context.weakest(made.byGroup(made.inMeans(squares)), progress), pruned);
            for (int channel = 0; channel < pruned.length; channel++) {
                if (pruned[channel] != 0) {
                    exchange(channel, weights);
                }
            }
        }

        /** Takes the dense weights of a channel, or puts them aside. */
        private void exchange(int channel, Map<String, float[]> weights) {
            int number = 0;
            for (CoupledSlices each : made.slices(channel)) {
                float[] dense = state.get(name(channel, number++));
                float[] values = weights.get(each.weight());
                int place = 0;
                for (int element : made.elements(channel, each)) {
                    float kept = dense[place];
                    dense[place++] = values[element];
                    values[element] = kept;
                }
            }
        }

        @Override
        public void endEpoch(int epoch, Map<String, float[]> weights) {
            for (int channel = 0; channel < pruned.length && epoch == context.epochs(); channel++) {
                if (pruned[channel] != 0) {
                    whole.scale(channel, 0, weights);
                }
            }
        }
    }
}
