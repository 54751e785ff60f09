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
 * <p>How much becomes zero follows from the strength and from nothing else: the target is not asked. Where that is to be met, use
 * dhspg or hesso. The strength is that of DHSPG with SGD. Averages of weights (--average) lag behind and hold no zeros.
 */
public final class HspgRegularizer implements Regularizer {

    private static final String STRENGTH = "strength";
    private static final String EPSILON = "epsilon";
    private static final String START = "start";

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
                OptionSpec.number(STRENGTH, 1e-3, 0, 1e3, "how much the group lasso counts"),
                OptionSpec.number(EPSILON, 0, 0, 0.999, "how far within its half-space a group stays to be kept"),
                OptionSpec.number(START, 0.5, 0, 1, "share of the training before groups are set to zero"));
    }

    @Override
    public RegularizerWorker start(RegularizerContext context) {
        ZeroGroups zeros = new ZeroGroups(context);
        double strength = context.options().number(STRENGTH);
        double epsilon = context.options().number(EPSILON);
        double start = context.options().number(START) * context.steps();
        return new RegularizerWorker() {
            @Override
            public Map<String, float[]> state() {
                return Map.of("zero", zeros.marks());
            }

            @Override
            public boolean comparesSteps() {
                return true;
            }

            @Override
            public void afterStep(RegularizerStep step) {
                for (int channel = 0; channel < zeros.made().count(); channel++) {
                    if (!zeros.isZero(channel)
                            && HalfSpace.step(zeros.made(), channel, step, step.rate() * strength, epsilon)
                            && step.number() > start) {
                        zeros.makeZero(channel);
                    }
                }
                zeros.hold(step.weights());
            }
        };
    }
}
