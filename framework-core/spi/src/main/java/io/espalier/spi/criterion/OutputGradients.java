package io.espalier.spi.criterion;

import io.espalier.spi.Stability;

/**
 * Second moments of the gradients of the loss of one example by what weights compute: the factor of the curvature of a weight that
 * belongs to its outputs, as {@link WeightInputs} holds the one that belongs to its inputs. Thread-safe.
 */
@FunctionalInterface
@Stability(value = Stability.Level.EVOLVING, since = "0.3.0")
public interface OutputGradients {

    /**
     * The moments of one weight, of all nodes that apply it: sums of products over the samples of an example, averaged over examples.
     *
     * @param reader a weight of the run
     * @return {@code [g o o]} for groups {@code g} and outputs {@code o}, innermost index last; empty when the loss does not depend on
     *     the weight
     */
    double[] of(WeightInputs reader);
}
