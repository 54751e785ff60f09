package io.espalier.spi.compensator;

import io.espalier.spi.Stability;

/**
 * A weight before the cut, with the second moments of what it was multiplied with. The arrays are not copied: they are read and
 * not written.
 *
 * @param groups number of matrices
 * @param inputs inputs of each
 * @param outputs outputs of each
 * @param weight elements by group, output and input
 * @param gram products of inputs, summed over samples, by group and the two inputs
 * @param kept for each element of the weight that the cut has left, by group, output and input, its index in {@code weight}
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.3.0")
public record UncutWeight(int groups, int inputs, int outputs, double[] weight, double[] gram, int[] kept) {}
