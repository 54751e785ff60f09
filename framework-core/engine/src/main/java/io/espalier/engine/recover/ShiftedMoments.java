package io.espalier.engine.recover;

import io.espalier.spi.compensator.Moments;

/** Sums of moments, and moments of samples that are shifted. */
final class ShiftedMoments {

    private ShiftedMoments() {}

    /** The moments of all samples of both. */
    static Moments sum(Moments one, Moments other) {
        return new Moments(
                one.groups(),
                one.inputs(),
                one.outputs(),
                one.samples() + other.samples(),
                sum(one.gram(), other.gram()),
                sum(one.cross(), other.cross()),
                sum(one.inputSums(), other.inputSums()),
                sum(one.targetSums(), other.targetSums()),
                sum(one.targetSquares(), other.targetSquares()));
    }

    private static double[] sum(double[] one, double... other) {
        double[] sum = one.clone();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += other[i];
        }
        return sum;
    }

    /**
     * The moments once something is taken from each sample.
     *
     * @param input what is taken from each input, by group and input
     * @param target what is taken from each target, by group and output
     */
    static Moments shifted(Moments moments, double[] input, double... target) {
        int inputs = moments.inputs();
        int outputs = moments.outputs();
        double samples = moments.samples();
        Moments shifted = Moments.none(moments.groups(), inputs, outputs);
        for (int row = 0; row < input.length; row++) {
            double sum = moments.inputSums()[row];
            int group = row / inputs;
            shifted.inputSums()[row] = sum - samples * input[row];
            for (int j = 0; j < inputs; j++) {
                int column = group * inputs + j;
                shifted.gram()[row * inputs + j] = moments.gram()[row * inputs + j]
                        - sum * input[column]
                        - input[row] * moments.inputSums()[column]
                        + samples * input[row] * input[column];
            }
            for (int o = 0; o < outputs; o++) {
                int column = group * outputs + o;
                shifted.cross()[row * outputs + o] = moments.cross()[row * outputs + o]
                        - sum * target[column]
                        - input[row] * moments.targetSums()[column]
                        + samples * input[row] * target[column];
            }
        }
        for (int o = 0; o < target.length; o++) {
            double sum = moments.targetSums()[o];
            shifted.targetSums()[o] = sum - samples * target[o];
            shifted.targetSquares()[o] =
                    moments.targetSquares()[o] - 2 * target[o] * sum + samples * target[o] * target[o];
        }
        return new Moments(
                moments.groups(),
                inputs,
                outputs,
                samples,
                shifted.gram(),
                shifted.cross(),
                shifted.inputSums(),
                shifted.targetSums(),
                shifted.targetSquares());
    }
}
