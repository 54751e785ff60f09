package io.espalier.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws the figures of a report. */
final class Figures {

    private static final int WIDTH = 800;
    private static final int HEIGHT = 360;
    private static final int MOST_LABELS = 24;
    private static final double PERCENT = 100;
    private static final String NANOS = "latencyNanos";

    private Figures() {}

    static List<Figure> of(List<ObjectNode> runs, List<TradeOffCurve> curves) {
        List<Figure> figures = new ArrayList<>();
        TradeOffFigure.of(0, "runs", TradeOffCurve.metric(curves) + " against MACs", curves)
                .ifPresent(figures::add);
        for (int i = 0; i < runs.size(); i++) {
            int run = i + 1;
            JsonNode each = runs.get(i);
            Stream.of(searched(run, each), timed(run, each), widths(run, each), errors(run, each), losses(run, each))
                    .flatMap(Optional::stream)
                    .forEach(figures::add);
        }
        return figures;
    }

    private static Optional<Figure> searched(int run, JsonNode json) {
        JsonNode search = json.path("search");
        boolean isTimed = search.path("original").has(NANOS);
        String cost = isTimed ? "latency" : "MACs";
        TradeOffCurve curve = TradeOffCurve.searched("search", search, isTimed ? NANOS : "macs");
        return TradeOffFigure.of(
                run, "search", curve.metric() + " against " + cost + ", as the search found it", cost, List.of(curve));
    }

    /** Networks that were cut and timed to meet a latency. */
    private static Optional<Figure> timed(int run, JsonNode json) {
        List<JsonNode> trials = list(json.path("trials")).stream()
                .filter(each -> each.path("latency").path("measured").longValue() > 0)
                .toList();
        if (trials.isEmpty()) {
            return Optional.empty();
        }
        CategoryChart chart = columns("time of the original, %");
        chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
        chart.getStyler().setXAxisLabelRotation(0);
        List<String> names =
                trials.stream().map(each -> each.path("number").asText()).toList();
        chart.addSeries("predicted", names, shares(trials, "predicted")).setFillColor(ChartStyle.GONE);
        chart.addSeries("measured", names, shares(trials, "measured")).setFillColor(ChartStyle.LEAF);
        return Optional.of(
                new Figure(run, "trials", "Cut networks that were timed to meet the latency", thinned(chart, names)));
    }

    private static List<Double> shares(List<JsonNode> trials, String which) {
        return trials.stream()
                .map(each -> each.get("latency"))
                .map(each -> PERCENT
                        * each.path(which).doubleValue()
                        / each.path("original").doubleValue())
                .toList();
    }

    private static Optional<Figure> widths(int run, JsonNode json) {
        List<JsonNode> layers = list(json.path("report").path("layers"));
        if (layers.isEmpty()) {
            return Optional.empty();
        }
        CategoryChart chart = columns("channels");
        chart.getStyler().setOverlapped(true);
        List<String> names = names(layers);
        chart.addSeries("before", names, numbers(layers, "total", 1)).setFillColor(ChartStyle.GONE);
        chart.addSeries("kept", names, numbers(layers, "kept", 1)).setFillColor(ChartStyle.LEAF);
        return Optional.of(
                new Figure(run, "widths", "Widths of layers, in the order of the graph", thinned(chart, names)));
    }

    private static Optional<Figure> errors(int run, JsonNode json) {
        List<JsonNode> weights = list(json.path("report").path("repair").path("weights")).stream()
                .filter(each -> each.path("errorBefore").isNumber())
                .toList();
        if (weights.isEmpty()) {
            return Optional.empty();
        }
        CategoryChart chart = columns("error, %");
        List<String> names = names(weights);
        chart.addSeries("before the repair", names, numbers(weights, "errorBefore", PERCENT))
                .setFillColor(ChartStyle.GONE);
        chart.addSeries("after it", names, numbers(weights, "errorAfter", PERCENT))
                .setFillColor(ChartStyle.SKY);
        return Optional.of(new Figure(run, "repair", "Errors of layers on examples held back", thinned(chart, names)));
    }

    private static Optional<Figure> losses(int run, JsonNode json) {
        List<JsonNode> points = list(json.path("losses")).stream()
                .filter(each -> each.path(1).isNumber())
                .toList();
        if (points.size() < 2) {
            return Optional.empty();
        }
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .xAxisTitle("step")
                .yAxisTitle("loss")
                .build();
        ChartStyle.plain(chart.getStyler());
        chart.addSeries(
                        "loss",
                        points.stream()
                                .mapToDouble(each -> each.get(0).doubleValue())
                                .toArray(),
                        points.stream()
                                .mapToDouble(each -> each.get(1).doubleValue())
                                .toArray())
                .setMarker(SeriesMarkers.NONE)
                .setLineColor(ChartStyle.SKY);
        return Optional.of(new Figure(run, "loss", "Loss while training", chart));
    }

    private static CategoryChart columns(String unit) {
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .yAxisTitle(unit)
                .build();
        ChartStyle.plain(chart.getStyler());
        chart.getStyler().setLegendVisible(true).setLegendPosition(LegendPosition.InsideNW);
        chart.getStyler().setXAxisLabelRotation(45);
        return chart;
    }

    /** Names of at most some columns, evenly apart: more could not be read. */
    private static CategoryChart thinned(CategoryChart chart, List<String> names) {
        int every = (names.size() + MOST_LABELS - 1) / MOST_LABELS;
        chart.getStyler().setXAxisMaxLabelCount(every == 1 ? names.size() : MOST_LABELS);
        return chart;
    }

    /** Names that differ, as a chart has one column for each. */
    private static List<String> names(List<JsonNode> rows) {
        return IntStream.range(0, rows.size())
                .mapToObj(i -> {
                    String name = rows.get(i).path("name").asText();
                    boolean isFirst = rows.stream()
                            .limit(i)
                            .noneMatch(each -> each.path("name").asText().equals(name));
                    return isFirst ? name : name + " " + (i + 1);
                })
                .toList();
    }

    private static List<Double> numbers(List<JsonNode> rows, String field, double times) {
        return rows.stream().map(each -> times * each.path(field).doubleValue()).toList();
    }

    private static List<JsonNode> list(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).toList();
    }
}
