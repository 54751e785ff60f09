package io.espalier.plugin.regularizers;

import io.espalier.spi.option.OptionSpec;
import io.espalier.spi.regularizer.Regularizer;
import io.espalier.spi.regularizer.RegularizerContext;
import io.espalier.spi.regularizer.RegularizerStep;
import io.espalier.spi.regularizer.RegularizerWorker;
import java.util.List;
import java.util.Map;

/**
 * The half-space stochastic projected gradient of OTO (Chen et al., Only Train Once, NeurIPS 2021, section 3): a group lasso on
 * zero-invariant groups; from some step on, a group that would leave the half-space of where it was is set to zero for good.
 *
 * <pre>
 * x' = step(x) - rate strength x / ||x||;   x' = 0 where &lt;x', x&gt; &lt; epsilon ||x||^2
 * </pre>
 *
 * <p>How much becomes zero in this way follows from the strength. Ours: when {@code end} of the training is over, the shortest of the others
 * (||x|| in means of its layers) that the target still asks for are faded to zero over half of what is left, so that
 * the cut takes zeros; with {@code end} 1 nothing is faded, and a cut to a target that the zeros do not reach takes living channels. The
 * strength is that of DHSPG with SGD. Averages of weights (--average) lag behind and hold no zeros.
 */
public final class HspgRegularizer implements Regularizer {

    @Override
    public String name() {
        return "hspg";
    }

    @Override
    public String description() {
        return "Half-space projection of OTO: zero-invariant groups become exactly zero by a group lasso.";
    }

    @Override
    public List<OptionSpec> options() {
        return List.of(
                OptionSpec.number("strength", 1e-3, 0, 1e3, "how much the group lasso counts"),
                OptionSpec.number("epsilon", 0, 0, 0.999, "how far within its half-space a group stays to be kept"),
                OptionSpec.number("start", 0.25, 0, 1, "share of the training before groups are set to zero"),
                OptionSpec.number(
                        "end",
                        0.5,
                        0,
                        1,
                        "share of the training after which those that the target still asks for fade"));
    }

    @Override
    public RegularizerWorker start(RegularizerContext context) {
        return new Worker(context);
    }

    private static final class Worker implements RegularizerWorker {

        private final RegularizerContext context;
        private final ZeroGroups zeros;
        private final Channels made;
        private final float[] missing;
        private final double strength;
        private final double epsilon;
        private final double start;
        private final Fading fading;

        Worker(RegularizerContext context) {
            this.context = context;
            this.zeros = new ZeroGroups(context);
            this.made = zeros.made();
            this.missing = new float[made.count()];
            this.strength = context.options().number("strength");
            this.epsilon = context.options().number("epsilon");
            this.start = context.options().number("start") * context.steps();
            this.fading = new Fading(context.options().number("end"), 1, context.steps());
        }

        @Override
        public Map<String, float[]> state() {
            return Map.of("zero", zeros.marks(), "missing", missing);
        }

        @Override
        public boolean comparesSteps() {
            return true;
        }

        @Override
        public boolean isPrepared(long updates) {
            return fading.isOver(updates);
        }

        @Override
        public void addGradient(RegularizerStep step) {
            if (step.number() == fading.from()) {
                made.mark(context.weakest(made.byGroup(made.inMeans(lengths(step.weights()))), 1), missing);
            }
        }

        private double[] lengths(Map<String, float[]> weights) {
            double[] lengths = new double[missing.length];
            for (int channel = 0; channel < lengths.length; channel++) {
                lengths[channel] = made.norm(channel, weights);
            }
            return lengths;
        }

        @Override
        public void afterStep(RegularizerStep step) {
            for (int channel = 0; channel < missing.length; channel++) {
                if (zeros.isZero(channel)) {
                    continue;
                }
                boolean leaves = HalfSpace.step(made, channel, step, step.rate() * strength, epsilon);
                if (leaves && step.number() > start) {
                    zeros.makeZero(channel);
                } else if (missing[channel] != 0) {
                    fading.apply(zeros, channel, step);
                }
            }
            zeros.hold(step.weights());
        }
    }
}
