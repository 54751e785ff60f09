package io.espalier.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Comparator;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * Models that were made in one way, of which the costliest is first.
 *
 * @param name how they were made
 * @param metric what the quality is: {@code accuracy}, or the name of another metric
 * @param isPeer whether another tool made them
 */
record TradeOffCurve(String name, String metric, boolean isPeer, List<TradeOff> points) {

    static final String ACCURACY = "accuracy";

    TradeOffCurve {
        points = points.stream()
                .sorted(Comparator.comparingDouble(TradeOff::macs).reversed())
                .toList();
    }

    /** The curve that the search of a run found; without points when it was none. */
    static TradeOffCurve searched(String name, JsonNode search) {
        return searched(name, search, "macs");
    }

    /**
     * The curve that the search of a run found; without points when it was none.
     *
     * @param cost what stands in the place of multiply-accumulates, as the record of the search names it
     */
    static TradeOffCurve searched(String name, JsonNode search, String cost) {
        double whole = search.path("original").path(cost).doubleValue();
        double parameters = search.path("original").path("parameters").doubleValue();
        String metric = search.path("metric").asText();
        return new TradeOffCurve(
                name,
                metric.equals("top-1") ? ACCURACY : metric,
                false,
                StreamSupport.stream(search.path("curve").spliterator(), false)
                        .map(each -> new TradeOff(
                                each.path("target").asText(),
                                each.path(cost).doubleValue() / whole,
                                each.path("parameters").doubleValue() / parameters,
                                each.path("value").doubleValue()))
                        .toList());
    }

    TradeOffCurve named(String other) {
        return new TradeOffCurve(other, metric, isPeer, points);
    }

    /** What the quality of curves is in one word. */
    static String metric(List<TradeOffCurve> curves) {
        List<String> metrics =
                curves.stream().map(TradeOffCurve::metric).distinct().toList();
        return metrics.size() == 1 ? metrics.get(0) : "quality";
    }
}
