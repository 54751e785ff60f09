package io.espalier.plugin.regularizers;

import io.espalier.spi.option.OptionSpec;
import io.espalier.spi.regularizer.Regularizer;
import io.espalier.spi.regularizer.RegularizerContext;
import io.espalier.spi.regularizer.RegularizerWorker;
import java.util.List;

/**
 * Network slimming (Liu et al., Learning Efficient Convolutional Networks through Network Slimming, ICCV 2017): an L1 penalty on the
 * scales of norms.
 *
 * <pre>
 * R = strength * sum of |gamma|
 * </pre>
 *
 * <p>The default of the strength is the authors' for VGG; 1e-5 for residual networks. For a cut by the criterion {@code bn-scale}. Not
 * for networks without norms, nor for those of layer norms, whose scale another layer undoes.
 */
public final class SlimmingRegularizer implements Regularizer {

    private static final String STRENGTH = "strength";

    @Override
    public String name() {
        return "slimming";
    }

    @Override
    public String description() {
        return "Network slimming: pulls the scales of norms to zero.";
    }

    @Override
    public List<OptionSpec> options() {
        return List.of(OptionSpec.number(STRENGTH, 1e-4, 0, 1e3, "how much the penalty counts"));
    }

    @Override
    public RegularizerWorker start(RegularizerContext context) {
        return new ScalePenalty(this, context, context.options().number(STRENGTH), 1, 0);
    }
}
