package io.espalier.cli;

import io.espalier.api.Sensitivity;
import io.espalier.api.Sensitivity.GroupCuts;
import io.espalier.api.Sensitivity.OneCut;
import io.espalier.cli.text.Clean;
import io.espalier.cli.text.Figures;
import io.espalier.cli.text.Table;
import io.espalier.cli.text.Table.Align;
import io.espalier.cli.text.Table.Cell;
import io.espalier.spi.metric.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What it costs to cut groups alone, for people: a row a group, a column a share. */
final class SensitivityText {

    private SensitivityText() {}

    static List<String> lines(Sensitivity found, List<Integer> shares) {
        Align[] columns = new Align[2 + 2 * shares.size()];
        List<Cell> head = new ArrayList<>(List.of(Cell.of("layer"), Cell.of("channels")));
        columns[0] = Align.LEFT;
        columns[1] = Align.RIGHT;
        for (int i = 0; i < shares.size(); i++) {
            columns[2 + 2 * i] = Align.RIGHT;
            columns[3 + 2 * i] = Align.RIGHT;
            head.add(Cell.of("MACs at " + shares.get(i) + " %"));
            head.add(Cell.of(unit(found)));
        }
        Table table = new Table(columns);
        table.row(head);
        found.groups().forEach(group -> table.row(row(group, found, shares)));
        List<String> lines = new ArrayList<>(table.lines(0));
        lines.add("");
        lines.add(measured(found));
        return lines;
    }

    private static List<Cell> row(GroupCuts group, Sensitivity found, List<Integer> shares) {
        List<Cell> row =
                new ArrayList<>(List.of(Cell.of(Clean.text(group.layer())), Cell.of(Figures.count(group.channels()))));
        for (int share : shares) {
            OneCut cut = group.cuts().stream()
                    .filter(each -> each.share() == share)
                    .findFirst()
                    .orElse(null);
            row.add(Cell.of(
                    cut == null
                            ? "-"
                            : Figures.change(found.original().macs(), cut.cost().macs())));
            row.add(Cell.of(cut == null ? "-" : change(found, cut)));
        }
        return row;
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
