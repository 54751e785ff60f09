package io.espalier.api;

import io.espalier.spi.Stability;
import io.espalier.spi.metric.Metric;

/**
 * What a metric says of a model.
 *
 * @param metric name of the metric, with its options
 * @param unit how the value is to be read
 * @param higherIsBetter whether a larger value means a better model
 * @param value the value on all examples
 * @param examples number of examples
 * @param isAccuracy whether the value is the share of examples whose largest score is their label
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public record Evaluation(
        String metric, Metric.Unit unit, boolean higherIsBetter, double value, long examples, boolean isAccuracy) {

    static Evaluation of(io.espalier.engine.evaluate.Evaluation evaluation) {
        return new Evaluation(
                evaluation.metric(),
                evaluation.unit(),
                evaluation.higherIsBetter(),
                evaluation.value(),
                evaluation.examples(),
                evaluation.isAccuracy());
    }

    /** Whether the value says that a model is at least as good as another. */
    public boolean isAsGoodAs(Evaluation other) {
        return higherIsBetter ? value >= other.value : value <= other.value;
    }
}
