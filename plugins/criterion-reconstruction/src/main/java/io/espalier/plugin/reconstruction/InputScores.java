package io.espalier.plugin.reconstruction;

import io.espalier.spi.criterion.WeightInputs;
import java.util.List;

/** Scores that add up over the inputs of the weights that read a channel. */
final class InputScores {

    private InputScores() {}

    /** Scores one input of a weight. */
    @FunctionalInterface
    interface Score {

        /**
         * The score of an input.
         *
         * @param at index of the input among those of all groups of the weight
         * @param column magnitudes of its weights: the sum, and the sum of squares
         */
        double of(WeightInputs reader, int at, Column column);
    }

    /**
     * The weights of an input.
     *
     * @param magnitudes sum of their magnitudes
     * @param squares sum of their squares
     */
    record Column(double magnitudes, double squares) {}

    /** One score a channel. */
    static double[] sum(int channels, List<WeightInputs> readers, Score score) {
        double[] scores = new double[channels];
        for (WeightInputs reader : readers) {
            for (int at = 0; at < reader.channels().length; at++) {
                if (reader.channels()[at] >= 0) {
                    scores[reader.channels()[at]] += score.of(reader, at, column(reader, at));
                }
            }
        }
        return scores;
    }

    private static Column column(WeightInputs reader, int at) {
        double magnitudes = 0;
        double squares = 0;
        int group = at / reader.inputs();
        for (int output = 0; output < reader.outputs(); output++) {
            double weight =
                    reader.matrix()[(group * reader.outputs() + output) * reader.inputs() + at % reader.inputs()];
            magnitudes += Math.abs(weight);
            squares += weight * weight;
        }
        return new Column(magnitudes, squares);
    }

    /** The mean square of an input. */
    static double meanSquare(WeightInputs reader, int at) {
        return reader.gram()[at * reader.inputs() + at % reader.inputs()] / reader.samples();
    }

    /** The variance of an input. */
    static double variance(WeightInputs reader, int at) {
        double mean = reader.sums()[at] / reader.samples();
        return Math.max(0, meanSquare(reader, at) - mean * mean);
    }
}
