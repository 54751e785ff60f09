package io.espalier.plugin.gradient;

/**
 * Mean over batches of the square of the sum of weight times gradient over a slice: w' J' J w, with the Jacobian of the loss of
 * each batch.
 *
 * <p>"Jacobian criterion", arXiv 2508.05521, which sums over the slices of a coupled channel: aggregation {@code sum}.
 * Signs of weight times gradient within a slice cancel, those of batches do not.
 *
 * <p>Not for networks that fit the calibration data so well that all gradients vanish, and not for a single batch.
 */
public final class JacobianCriterion extends BatchCriterion {

    @Override
    public String name() {
        return "jacobian";
    }

    @Override
    public String description() {
        return "Squared change of the loss when a slice is removed, to first order, batch by batch.";
    }

    @Override
    double ofBatch(double product) {
        return product * product;
    }
}
