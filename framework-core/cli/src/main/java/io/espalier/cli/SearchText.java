package io.espalier.cli;

import io.espalier.api.Search;
import io.espalier.api.Search.Point;
import io.espalier.cli.text.Clean;
import io.espalier.cli.text.Figures;
import io.espalier.cli.text.Style;
import io.espalier.cli.text.Table;
import io.espalier.cli.text.Table.Align;
import io.espalier.cli.text.Table.Cell;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What a search has tried, for people: the trade-off curve, and how sure its figures are. */
final class SearchText {

    private SearchText() {}

    static List<String> lines(Search search, Style style) {
        boolean isTimed = search.latencyTable().isPresent();
        Table table = new Table(columns(
                        List.of(Align.RIGHT, Align.LEFT),
                        isTimed ? Optional.of(Align.RIGHT) : Optional.empty(),
                        List.of(Align.RIGHT, Align.RIGHT, Align.RIGHT, Align.LEFT))
                .toArray(Align[]::new));
        table.row(columns(
                List.of(Cell.of("point"), Cell.of("target")),
                isTimed ? Optional.of(Cell.of("latency")) : Optional.empty(),
                List.of(
                        Cell.of("MACs"),
                        Cell.of("parameters"),
                        Cell.of(search.metric().equals("top-1") ? "accuracy" : Clean.text(search.metric())),
                        Cell.of(""))));
        search.curve().forEach(point -> table.row(row(point, search, style)));
        List<String> lines = new ArrayList<>(table.lines(0));
        search.chosen().map(search::point).ifPresent(point -> lines.add(found(point, search)));
        return lines;
    }

    private static List<Cell> row(Point point, Search search, Style style) {
        boolean isChosen =
                search.chosen().filter(number -> number == point.number()).isPresent();
        return columns(
                List.of(Cell.of(Integer.toString(point.number())), Cell.of(Clean.text(point.target()))),
                point.latencyNanos().stream()
                        .mapToObj(nanos -> Cell.of(Figures.millis(nanos)))
                        .findFirst(),
                List.of(
                        Cell.of(Figures.count(point.cost().macs())),
                        Cell.of(Figures.count(point.cost().parameters())),
                        new Cell(points(point.value() - search.original()), point.keeps() ? style::good : text -> text),
                        Cell.of(isChosen ? "taken" : verdict(point, search))));
    }

    /** Latencies have a column where they were predicted. */
    private static <T> List<T> columns(List<T> first, Optional<T> latency, List<T> others) {
        return Stream.of(first.stream(), latency.stream(), others.stream())
                .flatMap(each -> each)
                .toList();
    }

    private static String verdict(Point point, Search search) {
        return point.keeps() ? "kept" : point.value() < search.least() ? "not kept" : "not shown";
    }

    private static String found(Point point, Search search) {
        return "search  " + Clean.text(search.goal()) + " is kept by " + Clean.text(point.target()) + ": "
                + points(point.value() - search.original()) + ", with a standard error of "
                + String.format(Locale.ROOT, "%.2f", point.lossError().orElse(point.standardError()) * 100)
                + " points on "
                + Figures.count(search.examples()) + " examples; "
                + Figures.count(search.trials(), "trial") + ending(search);
    }

    private static String ending(Search search) {
        return switch (search.stopped().orElse("")) {
            case "trials" -> ", as many as were allowed";
            case "time" -> ", until the time was over";
            default -> "";
        };
    }

    private static String points(double share) {
        return String.format(Locale.ROOT, "%+.2f points", share * 100);
    }
}
