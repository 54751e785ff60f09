package io.espalier.plugin.regularizers;

import io.espalier.spi.option.OptionSpec;
import io.espalier.spi.regularizer.Regularizer;
import io.espalier.spi.regularizer.RegularizerContext;
import io.espalier.spi.regularizer.RegularizerWorker;
import java.util.List;

/**
 * Polarization (Zhuang et al., Neuron-level Structured Pruning using Polarization Regularizer, NeurIPS 2020): scales of norms go to
 * zero or to a common value, and few lie between.
 *
 * <pre>
 * R = strength * sum of (t |gamma| - |gamma - mean of gamma|)
 * </pre>
 *
 * <p>The mean is that of all scales. t = 1.2 is a value of the paper that we have second hand. Not for networks without norms.
 */
public final class PolarizationRegularizer implements Regularizer {

    private static final String STRENGTH = "strength";
    private static final String T = "t";

    @Override
    public String name() {
        return "polarization";
    }

    @Override
    public String description() {
        return "Polarization: scales of norms go to zero or away from it.";
    }

    @Override
    public List<OptionSpec> options() {
        return List.of(
                OptionSpec.number(STRENGTH, 1e-4, 0, 1e3, "how much the penalty counts"),
                OptionSpec.number(T, 1.2, 0, 2, "how much scales are pulled to zero rather than from their mean"));
    }

    @Override
    public RegularizerWorker start(RegularizerContext context) {
        return new ScalePenalty(
                this,
                context,
                context.options().number(STRENGTH),
                context.options().number(T),
                1);
    }
}
