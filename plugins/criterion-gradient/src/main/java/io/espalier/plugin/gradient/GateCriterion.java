package io.espalier.plugin.gradient;

import io.espalier.spi.criterion.ParameterRole;

/**
 * Mean over batches of the magnitude of scale times gradient at a batch normalisation: the first-order change of the loss when the
 * channel is closed there.
 *
 * <p>You et al., "Gate Decorator: Global Filter Pruning Method for Accelerating Deep CNNs" (arXiv 1909.08174), section 3.2, equation
 * 6; the gates are the scales themselves, and no gate is trained.
 *
 * <p>Not for channels without a normalisation behind them: they are left alone, also where exporters have folded it into weights.
 */
public final class GateCriterion extends BatchCriterion {

    @Override
    public String name() {
        return "gate";
    }

    @Override
    public String description() {
        return "Change of the loss when the scale of a normalisation is set to zero, to first order (gate decorator, GBN).";
    }

    @Override
    public boolean scores(ParameterRole role) {
        return role == ParameterRole.NORM_SCALE;
    }

    @Override
    double ofBatch(double product) {
        return Math.abs(product);
    }
}
