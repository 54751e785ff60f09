package io.espalier.api;

import io.espalier.spi.Stability;

/**
 * What a metric says of a model.
 *
 * @param metric name of the metric, with its options; {@code top-1} is accuracy
 * @param value the value on all examples; a share is from 0 to 1
 * @param higherIsBetter whether a larger value means a better model
 * @param examples number of examples
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public record Evaluation(String metric, double value, boolean higherIsBetter, long examples) {

    static Evaluation of(io.espalier.engine.evaluate.Evaluation evaluation) {
        return new Evaluation(
                evaluation.metric(), evaluation.value(), evaluation.higherIsBetter(), evaluation.examples());
    }
}
