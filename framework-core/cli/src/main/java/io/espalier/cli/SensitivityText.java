package io.espalier.cli;

import io.espalier.api.Sensitivity;
import io.espalier.api.Sensitivity.GroupCuts;
import io.espalier.api.Sensitivity.OneCut;
import io.espalier.api.Sensitivity.Ways;
import io.espalier.cli.text.Clean;
import io.espalier.cli.text.Figures;
import io.espalier.cli.text.Table;
import io.espalier.cli.text.Table.Align;
import io.espalier.cli.text.Table.Cell;
import io.espalier.spi.metric.Metric;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What it costs to cut groups alone, for people: a row a group, a column a share. */
final class SensitivityText {

    private SensitivityText() {}

    static List<String> lines(Sensitivity found, List<Integer> shares, Ways ways) {
        boolean isEach = ways == Ways.EACH;
        List<Align> columns = new ArrayList<>(List.of(Align.LEFT, Align.RIGHT));
        List<Cell> head = new ArrayList<>(List.of(Cell.of("layer"), Cell.of("channels")));
        if (isEach) {
            columns.add(Align.LEFT);
            head.add(Cell.of("way"));
        }
        for (int share : shares) {
            columns.addAll(List.of(Align.RIGHT, Align.RIGHT));
            head.add(Cell.of("MACs at " + share + " %"));
            head.add(Cell.of(unit(found)));
        }
        Table table = new Table(columns.toArray(Align[]::new));
        table.row(head);
        for (GroupCuts group : found.groups()) {
            if (isEach) {
                waysOf(group)
                        .forEach(way -> table.row(row(group, Optional.of(way), cutsOf(group, way), found, shares)));
            } else {
                table.row(row(group, Optional.empty(), group.taken(), found, shares));
            }
        }
        List<String> lines = new ArrayList<>(table.lines(0));
        lines.add("");
        lines.add(measured(found));
        taken(found).ifPresent(lines::add);
        return lines;
    }

    private static List<String> waysOf(GroupCuts group) {
        return group.cuts().stream().map(OneCut::way).distinct().toList();
    }

    private static List<OneCut> cutsOf(GroupCuts group, String way) {
        return group.cuts().stream().filter(cut -> cut.way().equals(way)).toList();
    }

    private static List<Cell> row(
            GroupCuts group, Optional<String> way, List<OneCut> cuts, Sensitivity found, List<Integer> shares) {
        List<Cell> row =
                new ArrayList<>(List.of(Cell.of(Clean.text(group.layer())), Cell.of(Figures.count(group.channels()))));
        way.map(Clean::text).map(Cell::of).ifPresent(row::add);
        for (int share : shares) {
            OneCut cut = cuts.stream()
                    .filter(each -> each.share() == share)
                    .findFirst()
                    .orElse(null);
            String mark = way.isPresent() && cut != null && cut.isTaken() ? "*" : "";
            row.add(Cell.of(
                    cut == null
                            ? "-"
                            : Figures.change(found.original().macs(), cut.cost().macs())));
            row.add(Cell.of(cut == null ? "-" : change(found, cut) + mark));
        }
        return row;
    }

    /** How often each way was taken; empty when there is one only. */
    private static Optional<String> taken(Sensitivity found) {
        Map<String, Long> taken = found.groups().stream()
                .flatMap(group -> group.taken().stream())
                .collect(Collectors.groupingBy(OneCut::way, LinkedHashMap::new, Collectors.counting()));
        return taken.size() < 2
                ? Optional.empty()
                : Optional.of("ways to choose channels that 'prune' takes: "
                        + taken.entrySet().stream()
                                .map(each -> Clean.text(each.getKey()) + " in " + Figures.count(each.getValue(), "cut"))
                                .collect(Collectors.joining(", ")));
    }

    private static String change(Sensitivity found, OneCut cut) {
        double before = found.evaluation().value();
        return isShare(found)
                ? String.format(Locale.ROOT, "%+.2f", (cut.value() - before) * 100)
                : Figures.change(before, cut.value());
    }

    private static String unit(Sensitivity found) {
        return isShare(found) ? "points" : Clean.text(found.evaluation().metric());
    }

    private static String measured(Sensitivity found) {
        double value = found.evaluation().value();
        return (found.evaluation().isAccuracy()
                        ? "accuracy"
                        : Clean.text(found.evaluation().metric())) + " of the original "
                + (isShare(found) ? Figures.percent(value) : Figures.plain(value)) + " on "
                + Figures.count(found.evaluation().examples(), "example") + "; each group is cut alone, "
                + found.compensator().map(name -> "weights repaired by " + name).orElse("nothing repaired");
    }

    private static boolean isShare(Sensitivity found) {
        return found.evaluation().unit() == Metric.Unit.SHARE;
    }
}
