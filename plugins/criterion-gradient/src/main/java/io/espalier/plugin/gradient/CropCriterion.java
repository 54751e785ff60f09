package io.espalier.plugin.gradient;

import io.espalier.spi.criterion.Evidence;

/**
 * Sum over a slice of the magnitudes of each weight times the product of the Hessian of the loss with its gradient: how much the
 * flow of gradients changes, to first order, whichever way.
 *
 * <p>Rachwan et al., "Winning the Lottery Ahead of Time: Efficient Early Network Pruning" (arXiv 2206.10451), section 3: CroP
 * keeps the flow as it is, where GraSP lets it grow; the sum over slices makes it structured. The product is exact.
 *
 * <p>Not for trained networks, whose gradients are small.
 */
public final class CropCriterion extends ElementCriterion {

    public CropCriterion() {
        super(Evidence.HESSIAN_GRADIENTS);
    }

    @Override
    public String name() {
        return "crop";
    }

    @Override
    public String description() {
        return "How much the flow of gradients changes when each weight is removed, to first order, summed (CroP).";
    }

    @Override
    double ofElement(double weight, double product) {
        return Math.abs(weight * product);
    }
}
