package io.espalier.spi.compensator;

import io.espalier.spi.Stability;

/**
 * First and second moments, summed over samples, of what a weight is multiplied with and of what it shall give: all that a
 * least-squares fit needs to know of the data. A sample of a convolution is one position of the output in one example.
 *
 * <p>With groups {@code g}, inputs {@code i} and outputs {@code o} the arrays are, innermost index last: {@code gram[g i j]}
 * the sums of products of inputs, {@code cross[g i o]} of inputs and targets, {@code inputSums[g i]}, {@code targetSums[g o]}
 * and {@code targetSquares[g o]}. The arrays are not copied: they are read and not written.
 *
 * @param groups number of groups
 * @param inputs inputs of each group
 * @param outputs outputs of each group
 * @param samples number of samples
 * @param gram products of inputs
 * @param cross products of inputs and targets
 * @param inputSums sums of inputs
 * @param targetSums sums of targets
 * @param targetSquares sums of the squares of targets
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.3.0")
public record Moments(
        int groups,
        int inputs,
        int outputs,
        double samples,
        double[] gram,
        double[] cross,
        double[] inputSums,
        double[] targetSums,
        double[] targetSquares) {

    /** Moments of no samples. */
    public static Moments none(int groups, int inputs, int outputs) {
        return new Moments(
                groups,
                inputs,
                outputs,
                0,
                new double[Math.multiplyExact(groups, Math.multiplyExact(inputs, inputs))],
                new double[Math.multiplyExact(groups, Math.multiplyExact(inputs, outputs))],
                new double[groups * inputs],
                new double[groups * outputs],
                new double[groups * outputs]);
    }

    /** The sum of squared differences between the targets and what a weight gives. */
    public double error(LinearMap map) {
        double error = 0;
        for (int group = 0; group < groups; group++) {
            for (int output = 0; output < outputs; output++) {
                error += error(map, group, output);
            }
        }
        return Math.max(0, error);
    }

    private double error(LinearMap map, int group, int output) {
        int row = group * outputs + output;
        int weights = row * inputs;
        double bias = map.bias()[row];
        double error = targetSquares[row] - 2 * bias * targetSums[row] + samples * bias * bias;
        for (int i = 0; i < inputs; i++) {
            int at = group * inputs + i;
            double product = 0;
            for (int j = 0; j < inputs; j++) {
                product += gram[at * inputs + j] * map.weight()[weights + j];
            }
            error +=
                    map.weight()[weights + i] * (product + 2 * bias * inputSums[at] - 2 * cross[at * outputs + output]);
        }
        return error;
    }
}
