package io.espalier.plugin.gradient;

import io.espalier.spi.criterion.Evidence;

/**
 * Sum over a slice of the magnitudes of weight times gradient of the loss, averaged over all calibration data.
 *
 * <p>Lee et al., "SNIP: Single-shot Network Pruning based on Connection Sensitivity" (arXiv 1810.02340), equation 5, made for
 * networks before training; the sum over slices makes it structured.
 *
 * <p>Not for trained networks: where training has ended, averaged gradients are small and say little.
 */
public final class SnipCriterion extends ElementCriterion {

    public SnipCriterion() {
        super(Evidence.LOSS_GRADIENTS);
    }

    @Override
    public String name() {
        return "snip";
    }

    @Override
    public String description() {
        return "Sensitivity of the loss to each connection, summed (SNIP).";
    }

    @Override
    double ofElement(double weight, double gradient) {
        return Math.abs(weight * gradient);
    }
}
