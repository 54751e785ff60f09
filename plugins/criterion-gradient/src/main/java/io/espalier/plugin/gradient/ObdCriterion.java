package io.espalier.plugin.gradient;

import io.espalier.spi.criterion.Evidence;

/**
 * Half the sum over a slice of squared weights, each times the curvature of the loss along it: the mean over examples of the
 * squared gradient, which is the diagonal of the empirical Fisher information.
 *
 * <p>LeCun, Denker and Solla, "Optimal Brain Damage" (NIPS 1989), equation 5, with the Fisher information in the place of the
 * second derivatives.
 *
 * <p>Not where weights of a slice work together: what they do jointly is left out, which {@code fisher} has. Not for large
 * networks in a hurry: every example is run alone.
 */
public final class ObdCriterion extends ElementCriterion {

    public ObdCriterion() {
        super(Evidence.SQUARED_GRADIENTS);
    }

    @Override
    public String name() {
        return "obd";
    }

    @Override
    public String description() {
        return "Squared weights times the curvature of the loss along each, by the diagonal of the Fisher information.";
    }

    @Override
    double ofElement(double weight, double square) {
        return weight * weight * square / 2;
    }
}
