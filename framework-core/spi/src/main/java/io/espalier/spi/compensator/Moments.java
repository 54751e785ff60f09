package io.espalier.spi.compensator;

import io.espalier.spi.Stability;
import java.util.stream.IntStream;

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

    /** Outputs whose errors are summed side by side. */
    private static final int BLOCK = 16;

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

    /**
     * The sum of squared differences between the targets and what a weight gives. Uses the threads of the pool that it is
     * called in; the sum does not depend on how many there are.
     */
    public double error(LinearMap map) {
        double[] errors = new double[groups * outputs];
        int blocks = (outputs + BLOCK - 1) / BLOCK;
        IntStream.range(0, groups * blocks)
                .parallel()
                .forEach(block -> errors(map, block / blocks, block % blocks * BLOCK, errors));
        double error = 0;
        for (double each : errors) {
            error += each;
        }
        return Math.max(0, error);
    }

    /** The errors of some outputs of a group: each row of the moments is read once for all of them. */
    private void errors(LinearMap map, int group, int from, double[] errors) {
        int count = Math.min(BLOCK, outputs - from);
        double[][] products = new double[count][inputs];
        for (int i = 0; i < inputs; i++) {
            int moments = (group * inputs + i) * inputs;
            for (int k = 0; k < count; k++) {
                double weight = map.weight()[(group * outputs + from + k) * inputs + i];
                double[] product = products[k];
                for (int j = 0; j < inputs; j++) {
                    product[j] += weight * gram[moments + j];
                }
            }
        }
        for (int k = 0; k < count; k++) {
            errors[group * outputs + from + k] = error(map, group, from + k, products[k]);
        }
    }

    private double error(LinearMap map, int group, int output, double[] product) {
        int row = group * outputs + output;
        double bias = map.bias()[row];
        double error = targetSquares[row] - 2 * bias * targetSums[row] + samples * bias * bias;
        for (int i = 0; i < inputs; i++) {
            int at = group * inputs + i;
            error += map.weight()[row * inputs + i]
                    * (product[i] + 2 * bias * inputSums[at] - 2 * cross[at * outputs + output]);
        }
        return error;
    }
}
