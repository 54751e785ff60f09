package io.espalier.plugin.regularizers;

import io.espalier.spi.regularizer.RegularizerStep;

/** Parts of the scores of zero-invariant groups. */
final class Scores {

    private Scores() {}

    /** The cosine between a channel and its gradient, 0 where one of them is 0. */
    static double cosine(Channels channels, int channel, RegularizerStep step) {
        double lengths = channels.norm(channel, step.weights()) * channels.norm(channel, step.gradients());
        return lengths == 0 ? 0 : channels.dot(channel, step.weights(), step.gradients()) / lengths;
    }

    /** Divides numbers by their length; zeros stay. */
    static void divideByNorm(double... numbers) {
        double squares = 0;
        for (double each : numbers) {
            squares += each * each;
        }
        double length = Math.sqrt(squares);
        for (int i = 0; i < numbers.length && length > 0; i++) {
            numbers[i] /= length;
        }
    }
}
