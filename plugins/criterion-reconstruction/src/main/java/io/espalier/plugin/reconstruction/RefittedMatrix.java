package io.espalier.plugin.reconstruction;

import io.espalier.spi.criterion.WeightInputs;
import java.util.Arrays;
import java.util.stream.IntStream;

/** One matrix of a weight with the inverse of the second moments of its inputs, reduced channel by channel. Not thread-safe. */
final class RefittedMatrix {

    private final int outputs;
    /** For each channel, its inputs. */
    private final int[][] inputs;
    /** Elements by output and input. */
    private final double[][] weight;

    private final double[][] inverse;
    private final double energy;
    /** The inputs that are left. */
    private int[] left;

    RefittedMatrix(WeightInputs reader, int group, int channels, double ridge) {
        int size = reader.inputs();
        this.outputs = reader.outputs();
        this.weight = new double[outputs][];
        for (int output = 0; output < outputs; output++) {
            int from = (group * outputs + output) * size;
            weight[output] = Arrays.copyOfRange(reader.matrix(), from, from + size);
        }
        this.inputs = new int[channels][];
        Arrays.setAll(
                inputs,
                channel -> IntStream.range(0, size)
                        .filter(i -> reader.channels()[group * size + i] == channel)
                        .toArray());
        double[][] moments = moments(reader, group);
        this.energy = energy(moments);
        double mean = IntStream.range(0, size).mapToDouble(i -> moments[i][i]).sum() / size;
        this.inverse = mean > 0 ? SymmetricInverse.of(moments, ridge * mean) : new double[0][];
        this.left = mean > 0 ? IntStream.range(0, size).toArray() : new int[0];
    }

    /** Second moments of the inputs, around their means where a bias takes those up. */
    private static double[][] moments(WeightInputs reader, int group) {
        int size = reader.inputs();
        double[][] moments = new double[size][];
        for (int i = 0; i < size; i++) {
            int at = group * size + i;
            moments[i] = Arrays.copyOfRange(reader.gram(), at * size, (at + 1) * size);
            for (int j = 0; reader.hasBias() && j < size; j++) {
                moments[i][j] -= reader.sums()[at] / reader.samples() * reader.sums()[group * size + j];
            }
        }
        return moments;
    }

    private double energy(double[][] moments) {
        double sum = 0;
        for (double[] row : weight) {
            for (int i = 0; i < row.length; i++) {
                for (int j = 0; j < row.length && row[i] != 0; j++) {
                    sum += row[i] * moments[i][j] * row[j];
                }
            }
        }
        return Math.max(0, sum);
    }

    /** The sum of squares of the outputs, over samples. */
    double energy() {
        return energy;
    }

    /** What removing a channel now would add to the squared error, over samples. */
    double error(int channel) {
        int[] own = inputs[channel];
        if (own.length == 0 || left.length == 0) {
            return 0;
        }
        double[][] block = new double[own.length][own.length];
        for (int i = 0; i < own.length; i++) {
            for (int j = 0; j < own.length; j++) {
                block[i][j] = inverse[own[i]][own[j]];
            }
        }
        double[][] middle = SymmetricInverse.of(block, 0);
        double error = 0;
        for (double[] row : weight) {
            for (int i = 0; i < own.length; i++) {
                for (int j = 0; j < own.length; j++) {
                    error += row[own[i]] * middle[i][j] * row[own[j]];
                }
            }
        }
        return Math.max(0, error);
    }

    /** Removes a channel, refits the weights that are left, and reduces the inverse to them: one input after the other. */
    void remove(int channel) {
        for (int input : left.length == 0 ? new int[0] : inputs[channel]) {
            int[] rest = Arrays.stream(left).filter(i -> i != input).toArray();
            double[] row = inverse[input];
            double pivot = row[input];
            for (double[] each : weight) {
                subtract(each, row, each[input] / pivot, rest);
                each[input] = 0;
            }
            for (int i : rest) {
                subtract(inverse[i], row, inverse[i][input] / pivot, rest);
            }
            left = rest;
        }
    }

    private static void subtract(double[] from, double[] row, double factor, int... places) {
        for (int place : places) {
            from[place] -= factor * row[place];
        }
    }
}
