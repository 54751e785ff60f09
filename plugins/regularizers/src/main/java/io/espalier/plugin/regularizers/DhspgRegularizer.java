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
 * The dual half-space projected gradient of OTOv2 (Chen et al., OTOv2: Automatic, Generic, User-Friendly, ICLR 2023, section 3.2, and
 * the authors' {@code dhspg.py}): redundant zero-invariant groups are chosen once, as many as the target asks for, and only these are
 * penalised and projected.
 *
 * <pre>
 * redundancy = (cos(x, g) / ||cos|| + (|g| / ||x||) / ||...||) / 2,       g the gradient, norms over all groups
 * strength_k = strength                                              where &lt;x, g&gt; &gt;= 0
 *            = clip(amplify * -&lt;x, g&gt; / ||x||, strength, hat * strength)  elsewhere, halfway to the upper bound where it exceeds it
 * x' = step(x) - rate strength_k x / ||x||;   x' = 0 where &lt;x', x&gt; &lt; epsilon ||x||^2
 * </pre>
 *
 * <p>|g| is the root of the number of elements. Groups of the set that have not become zero when {@code end} of the training is over are faded to zero over
 * what is left of it up to {@code end + (1 - end) / 2}, so that the target is met (ours: with the authors' 300 epochs none is left).
 * Defaults are the authors' for SGD; for Adam strength 1e-2, amplify 20, hat 1e3. HESSO, of the same authors, reads the sign of the
 * cosine the other way; here a group whose descent shrinks it (cos &gt; 0) is redundant in both. Averages hold no zeros.
 */
public final class DhspgRegularizer implements Regularizer {

    @Override
    public String name() {
        return "dhspg";
    }

    @Override
    public String description() {
        return "Half-space projection of OTOv2 on as many redundant zero-invariant groups as the target asks for.";
    }

    @Override
    public List<OptionSpec> options() {
        return List.of(
                OptionSpec.number("strength", 1e-3, 0, 1e3, "the least pull of redundant groups"),
                OptionSpec.number("amplify", 2, 0, 1e6, "pull of groups that the loss holds, in what holds them"),
                OptionSpec.number("hat", 10, 1, 1e6, "the largest pull, in strengths"),
                OptionSpec.number("epsilon", 0.95, 0, 0.999, "how far within its half-space a group stays to be kept"),
                OptionSpec.number("start", 0.1, 0, 1, "share of the training before redundant groups are chosen"),
                OptionSpec.number("end", 0.5, 0, 1, "share of the training after which those left are faded to zero"));
    }

    @Override
    public RegularizerWorker start(RegularizerContext context) {
        return new Worker(context);
    }

    private static final class Worker implements RegularizerWorker {

        private final RegularizerContext context;
        private final Options options;
        private final ZeroGroups zeros;
        private final Channels made;
        private final float[] redundant;
        private final double[] pulls;
        private final long chosenAt;
        private final Fading fading;

        Worker(RegularizerContext context) {
            this.context = context;
            this.options = context.options();
            this.zeros = new ZeroGroups(context);
            this.made = zeros.made();
            this.redundant = new float[made.count()];
            this.pulls = new double[made.count()];
            this.chosenAt = 1 + (long) (options.number("start") * (context.steps() - 1));
            this.fading = new Fading(options.number("end"), chosenAt, context.steps());
        }

        @Override
        public Map<String, float[]> state() {
            return Map.of("zero", zeros.marks(), "redundant", redundant);
        }

        @Override
        public boolean comparesSteps() {
            return true;
        }

        @Override
        public void addGradient(RegularizerStep step) {
            if (step.number() == chosenAt) {
                made.mark(context.weakest(made.byGroup(importance(step)), 1), redundant);
            }
            for (int channel = 0; channel < redundant.length; channel++) {
                pulls[channel] = redundant[channel] != 0 ? pull(channel, step) : 0;
            }
        }

        @Override
        public boolean isPrepared(long updates) {
            return fading.isOver(updates) || updates >= chosenAt && areZero();
        }

        private boolean areZero() {
            for (int channel = 0; channel < redundant.length; channel++) {
                if (redundant[channel] != 0 && !zeros.isZero(channel)) {
                    return false;
                }
            }
            return true;
        }

        private double[] importance(RegularizerStep step) {
            double[] cosines = new double[redundant.length];
            double[] smallness = new double[redundant.length];
            for (int channel = 0; channel < redundant.length; channel++) {
                double length = made.norm(channel, step.weights());
                cosines[channel] = Scores.cosine(made, channel, step);
                smallness[channel] = length == 0 ? 0 : Math.sqrt(made.size(channel)) / length;
            }
            Scores.divideByNorm(cosines);
            Scores.divideByNorm(smallness);
            for (int channel = 0; channel < redundant.length; channel++) {
                cosines[channel] = -(cosines[channel] + smallness[channel]) / 2;
            }
            return cosines;
        }

        private double pull(int channel, RegularizerStep step) {
            double strength = options.number("strength");
            double product = made.dot(channel, step.weights(), step.gradients());
            double length = made.norm(channel, step.weights());
            if (product >= 0 || length == 0) {
                return strength;
            }
            double least = -product / length;
            double most = -made.dot(channel, step.gradients(), step.gradients()) * length / product;
            double pull =
                    Math.min(Math.max(options.number("amplify") * least, strength), strength * options.number("hat"));
            return pull > most ? (least + most) / 2 : pull;
        }

        @Override
        public void afterStep(RegularizerStep step) {
            for (int channel = 0; channel < redundant.length; channel++) {
                if (redundant[channel] == 0 || zeros.isZero(channel)) {
                    continue;
                }
                boolean leaves =
                        HalfSpace.step(made, channel, step, step.rate() * pulls[channel], options.number("epsilon"));
                if (leaves) {
                    zeros.makeZero(channel);
                } else {
                    fading.apply(zeros, channel, step);
                }
            }
            zeros.hold(step.weights());
        }
    }
}
