package io.espalier.spi.criterion;

import io.espalier.spi.Stability;

/**
 * How well a network tells classes apart behind a weight: how the loss of the first classifier behind the weight depends on it. Linear
 * classifiers of features, averaged over everything but examples and channels, stand at up to two values that everything passes
 * through, and divide the weights of the network into parts of about the same number; the last classifier is the network itself, with the
 * loss that was chosen. Thread-safe.
 *
 * <p>With groups {@code g}, outputs {@code o} and inputs {@code i} of a weight, arrays are innermost index last, and empty when no
 * classifier depends on the weight.
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.3.0")
public interface Discrimination {

    /**
     * The gradient of the loss by a weight, averaged over examples.
     *
     * @param reader a weight of the run
     * @return {@code [g o i]}
     */
    double[] gradient(WeightInputs reader);

    /**
     * The second moments of the gradients of the loss of one example by what the weight computes: sums of products over the samples of
     * an example, averaged over examples.
     *
     * @param reader a weight of the run
     * @return {@code [g o o]}
     */
    double[] outputMoments(WeightInputs reader);
}
