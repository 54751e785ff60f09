package io.espalier.api;

import io.espalier.engine.run.Evaluation;
import io.espalier.spi.Stability;

/**
 * How often the largest element of the first output is the label.
 *
 * @param correct examples whose label was found
 * @param examples examples in all
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public record Accuracy(long correct, long examples) {

    static Accuracy of(Evaluation evaluation) {
        return new Accuracy(evaluation.correct(), evaluation.examples());
    }

    /** Share of examples whose label was found, from 0 to 1. */
    public double share() {
        return (double) correct / examples;
    }
}
