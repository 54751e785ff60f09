package io.espalier.engine.evaluate;

import io.espalier.spi.metric.Metric;
import io.espalier.spi.option.Options;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A metric with its options.
 *
 * @param options validated options of the metric
 */
public record ChosenMetric(Metric metric, Options options) {

    /** The name of the metric with its options, such as {@code top-k k=5}. */
    public String label() {
        Map<String, String> values = options.asMap();
        return metric.name()
                + values.entrySet().stream()
                        .map(option -> " " + option.getKey() + "=" + option.getValue())
                        .collect(Collectors.joining());
    }
}
