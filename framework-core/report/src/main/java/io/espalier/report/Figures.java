package io.espalier.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.awt.Color;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws the figures of a report. */
final class Figures {

    private static final int WIDTH = 800;
    private static final int HEIGHT = 360;
    private static final int MOST_LABELS = 24;
    private static final double PERCENT = 100;
    private static final Color LEAF = new Color(0x23703f);
    private static final Color SKY = new Color(0x2b5f9e);
    private static final Color GONE = new Color(0xd4dbd2);

    private Figures() {}

    static List<Figure> of(List<ObjectNode> runs) {
        List<Figure> figures = new ArrayList<>();
        compared(runs).ifPresent(figures::add);
        for (int i = 0; i < runs.size(); i++) {
            int run = i + 1;
            JsonNode each = runs.get(i);
            Stream.of(searched(run, each), widths(run, each), errors(run, each), losses(run, each))
                    .flatMap(Optional::stream)
                    .forEach(figures::add);
        }
        return figures;
    }

    private static Optional<Figure> compared(List<ObjectNode> runs) {
        List<TradeOff> points =
                runs.stream().flatMap(run -> TradeOff.of(run).stream()).toList();
        return tradeOff(0, "runs", "Quality against MACs, by run", points);
    }

    private static Optional<Figure> searched(int run, JsonNode json) {
        return tradeOff(run, "search", "Quality against MACs, as the search found them", TradeOff.searched(json));
    }

    private static Optional<Figure> tradeOff(int run, String name, String title, List<TradeOff> points) {
        if (points.size() < 2) {
            return Optional.empty();
        }
        List<TradeOff> sorted = points.stream()
                .sorted(Comparator.comparingDouble(TradeOff::macs))
                .toList();
        XYChart chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .xAxisTitle("MACs left, %")
                .yAxisTitle("quality, %")
                .build();
        plain(chart.getStyler());
        chart.getStyler().setXAxisMin(0.0).setXAxisMax(PERCENT);
        chart.addSeries(
                        "quality",
                        sorted.stream()
                                .mapToDouble(each -> PERCENT * each.macs())
                                .toArray(),
                        sorted.stream()
                                .mapToDouble(each -> PERCENT * each.quality())
                                .toArray())
                .setMarker(SeriesMarkers.CIRCLE)
                .setMarkerColor(LEAF)
                .setLineColor(SKY);
        return Optional.of(new Figure(run, name, title, chart));
    }

    private static Optional<Figure> widths(int run, JsonNode json) {
        List<JsonNode> layers = list(json.path("report").path("layers"));
        if (layers.isEmpty()) {
            return Optional.empty();
        }
        CategoryChart chart = columns("channels");
        chart.getStyler().setOverlapped(true);
        List<String> names = names(layers);
        chart.addSeries("before", names, numbers(layers, "total", 1)).setFillColor(GONE);
        chart.addSeries("kept", names, numbers(layers, "kept", 1)).setFillColor(LEAF);
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
                .setFillColor(GONE);
        chart.addSeries("after it", names, numbers(weights, "errorAfter", PERCENT))
                .setFillColor(SKY);
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
        plain(chart.getStyler());
        chart.addSeries(
                        "loss",
                        points.stream()
                                .mapToDouble(each -> each.get(0).doubleValue())
                                .toArray(),
                        points.stream()
                                .mapToDouble(each -> each.get(1).doubleValue())
                                .toArray())
                .setMarker(SeriesMarkers.NONE)
                .setLineColor(SKY);
        return Optional.of(new Figure(run, "loss", "Loss while training", chart));
    }

    private static CategoryChart columns(String unit) {
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .yAxisTitle(unit)
                .build();
        plain(chart.getStyler());
        chart.getStyler().setLegendVisible(true).setLegendPosition(LegendPosition.InsideNW);
        chart.getStyler().setXAxisLabelRotation(45);
        return chart;
    }

    static void plain(AxesChartStyler styler) {
        styler.setChartBackgroundColor(Color.WHITE).setLegendVisible(false).setChartTitleVisible(false);
        styler.setPlotGridLinesColor(GONE).setPlotBorderVisible(false);
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
