package io.espalier.engine.evaluate;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Quoted;
import io.espalier.spi.data.Batches;
import io.espalier.spi.metric.Metric;
import io.espalier.spi.option.Options;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which metric judges the models.
 *
 * @param asked the metric that was asked for; without one, it is {@value #DEFAULT} where the labels are classes
 * @param available the metrics there are
 */
public record MetricChoice(Optional<ChosenMetric> asked, List<Metric> available) {

    /** The metric of labels that are classes: accuracy. */
    public static final String DEFAULT = "top-1";

    /** Nothing is measured. */
    public static final MetricChoice NONE = new MetricChoice(Optional.empty(), List.of());

    public MetricChoice {
        available = List.copyOf(available);
    }

    /**
     * The metric for some data; empty when none was asked for and the labels do not say which.
     *
     * @param classes whether the model gives one row of scores an example, as far as is known
     * @throws InvalidInputException when the metric that was asked for needs other labels
     */
    public Optional<ChosenMetric> on(Batches data, boolean classes) {
        if (asked.isPresent()) {
            requireLabels(asked.get().metric(), data);
            return asked;
        }
        return available.stream()
                .filter(metric -> metric.name().equals(DEFAULT) && classes && data.hasClasses())
                .findFirst()
                .map(metric -> new ChosenMetric(
                        metric, Options.resolve("metric '" + DEFAULT + "'", metric.options(), Map.of())));
    }

    private static void requireLabels(Metric metric, Batches data) {
        boolean fits = switch (metric.labels()) {
            case NONE -> true;
            case ANY -> data.hasLabels();
            case CLASSES -> data.hasClasses();
        };
        if (!fits) {
            throw new InvalidInputException("The metric " + Quoted.name(metric.name()) + " needs labels"
                    + (data.hasLabels()
                            ? " that are classes: whole numbers, one an example, or one-hot rows"
                            : ", an array of the data besides the inputs")
                    + "; the data has none.");
        }
    }

    /** Why nothing is measured on some data. */
    public String reason(Batches data) {
        if (!data.hasLabels()) {
            return "The data has no labels, so accuracy was not measured.";
        }
        return "The labels do not say which metric fits, so none was measured; choose one of "
                + String.join(
                        ", ", available.stream().map(Metric::name).sorted().toList())
                + ", or give a file that computes one.";
    }
}
