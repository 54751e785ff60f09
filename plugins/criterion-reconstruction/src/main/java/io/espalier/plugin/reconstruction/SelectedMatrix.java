package io.espalier.plugin.reconstruction;

import io.espalier.spi.criterion.Discrimination;
import io.espalier.spi.criterion.WeightInputs;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * One matrix of a weight whose inputs are selected channel by channel. With the change {@code D} of the matrix, which is its
 * negative where nothing is selected, the loss is {@code 1/2 tr(M D H D^T) + lambda <G, D>} and its gradient {@code M D H + lambda G}.
 * Optimising what is selected eliminates those inputs from {@code H} and from the gradient. Not thread-safe.
 */
final class SelectedMatrix {

    /** For each channel, its inputs. */
    private final int[][] inputs;
    /** {@code H}, as far as nothing that is selected explains it. */
    private final double[][] moments;
    /** The gradient by the weight, by output and input. */
    private final double[][] gradient;
    /** The same, with the inverse of {@code M} before it. */
    private final double[][] direction;

    /**
     * With nothing selected.
     *
     * @param group which matrix of the weight
     * @param channels number of channels of the group of channels
     */
    SelectedMatrix(WeightInputs reader, int group, int channels, Discrimination loss, double lambda, double ridge) {
        int size = reader.inputs();
        int[] owners = Arrays.copyOfRange(reader.channels(), group * size, (group + 1) * size);
        this.inputs = new int[channels][];
        Arrays.setAll(
                inputs,
                channel -> IntStream.range(0, size)
                        .filter(i -> owners[i] == channel)
                        .toArray());
        this.moments = rows(reader.gram(), group * size, size, size, 1 / reader.samples());
        int outputs = reader.outputs();
        double[][] weight = rows(reader.matrix(), group * outputs, outputs, size, 1);
        for (double[] row : weight) {
            Arrays.setAll(row, i -> owners[i] < 0 ? 0 : -row[i]);
        }
        double[][] metric = new double[outputs][outputs];
        double[] curvature = loss.outputMoments(reader);
        if (curvature.length > 0) {
            metric = rows(curvature, group * outputs, outputs, outputs, lambda);
        }
        for (int output = 0; output < outputs; output++) {
            metric[output][output] += 1.0 / outputs;
        }
        double[] slopes = loss.gradient(reader);
        this.direction = product(weight, moments);
        this.gradient = product(metric, direction);
        if (slopes.length > 0) {
            double[][] own = rows(slopes, group * outputs, outputs, size, lambda);
            add(gradient, own);
            add(direction, product(SymmetricInverse.of(metric, 0), own));
        }
        double mean = IntStream.range(0, size).mapToDouble(i -> moments[i][i]).sum() / size;
        IntStream.range(0, size).forEach(i -> moments[i][i] += ridge * mean);
    }

    private static double[][] rows(double[] elements, int first, int count, int width, double factor) {
        double[][] rows = new double[count][];
        for (int row = 0; row < count; row++) {
            int from = (first + row) * width;
            rows[row] = Arrays.copyOfRange(elements, from, from + width);
            double[] own = rows[row];
            Arrays.setAll(own, i -> factor * own[i]);
        }
        return rows;
    }

    private static double[][] product(double[][] left, double[][] right) {
        double[][] product = new double[left.length][right[0].length];
        for (int row = 0; row < left.length; row++) {
            for (int i = 0; i < right.length; i++) {
                subtract(product[row], right[i], -left[row][i]);
            }
        }
        return product;
    }

    private static void add(double[][] to, double[][] what) {
        for (int row = 0; row < to.length; row++) {
            subtract(to[row], what[row], -1);
        }
    }

    private static void subtract(double[] from, double[] what, double factor) {
        for (int i = 0; factor != 0 && i < from.length; i++) {
            from[i] -= factor * what[i];
        }
    }

    /** The squared norm of the gradient by the weights of a channel. */
    double slope(int channel) {
        double sum = 0;
        for (double[] row : gradient) {
            for (int input : inputs[channel]) {
                sum += row[input] * row[input];
            }
        }
        return sum;
    }

    /** Selects a channel, optimises all weights that are selected, and returns what the loss loses by that. */
    double select(int channel) {
        double gain = 0;
        for (int input : inputs[channel]) {
            double[] row = moments[input].clone();
            double pivot = row[input];
            if (pivot > 0) {
                for (int output = 0; output < gradient.length; output++) {
                    gain += gradient[output][input] * direction[output][input] / pivot / 2;
                    subtract(gradient[output], row, gradient[output][input] / pivot);
                    subtract(direction[output], row, direction[output][input] / pivot);
                }
                for (double[] each : moments) {
                    subtract(each, row, each[input] / pivot);
                }
            }
        }
        return Math.max(0, gain);
    }
}
