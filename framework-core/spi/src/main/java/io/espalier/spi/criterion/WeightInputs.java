package io.espalier.spi.criterion;

import io.espalier.spi.Stability;

/**
 * A weight that reads channels of a group, with the moments of what it is multiplied with. The weight is a matrix for each of
 * its groups, as a grouped convolution has several: outputs by inputs, the positions of a window being inputs.
 *
 * <p>With groups {@code g}, inputs {@code i} and outputs {@code o} the arrays are, innermost index last: {@code channels[g i]},
 * {@code weight[g o i]}, {@code gram[g i j]} and {@code sums[g i]}. They are not copied: they are read and not written.
 *
 * @param node first output of the node that applies the weight
 * @param weight name of the weight
 * @param groups number of matrices
 * @param inputs inputs of each
 * @param outputs outputs of each
 * @param channels the channel that each input belongs to, -1 where it belongs to none of the group
 * @param matrix elements of the weight
 * @param hasBias whether a recovery can change what is added to the outputs too
 * @param samples number of samples: for a convolution, positions of the output in all examples
 * @param gram sums of products of inputs over samples
 * @param sums sums of inputs over samples
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.3.0")
public record WeightInputs(
        String node,
        String weight,
        int groups,
        int inputs,
        int outputs,
        int[] channels,
        double[] matrix,
        boolean hasBias,
        double samples,
        double[] gram,
        double[] sums) {}
