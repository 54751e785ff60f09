package io.espalier.plugin.gradient;

/**
 * Mean over batches of the magnitude of the sum of weight times gradient over a slice: the first-order Taylor expansion of what
 * the loss changes by when the slice is set to zero.
 *
 * <p>Molchanov et al., "Pruning Convolutional Neural Networks for Resource Efficient Inference" (arXiv 1611.06440), section
 * 2.2, with weights in the place of activations as in "Importance Estimation for Neural Network Pruning" (arXiv 1906.10771), equation 8.
 *
 * <p>Not for networks that fit the calibration data so well that all gradients vanish.
 */
public final class TaylorCriterion extends BatchCriterion {

    @Override
    public String name() {
        return "taylor";
    }

    @Override
    public String description() {
        return "Change of the loss when a slice is removed, to first order.";
    }

    @Override
    double ofBatch(double product) {
        return Math.abs(product);
    }
}
