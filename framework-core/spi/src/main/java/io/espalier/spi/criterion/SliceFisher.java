package io.espalier.spi.criterion;

import io.espalier.spi.Stability;

/**
 * The empirical Fisher information of gates on slices of parameters: the mean over examples of the squared sum of weight times
 * gradient of the loss of one example. Thread-safe.
 */
@FunctionalInterface
@Stability(value = Stability.Level.EVOLVING, since = "0.3.0")
public interface SliceFisher {

    /**
     * The information of one axis.
     *
     * @param axis an axis of a parameter of the run
     * @return one number a slice; empty when the loss does not depend on the parameter
     */
    double[] of(ParameterAxis axis);
}
