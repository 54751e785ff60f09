package io.espalier.cli;

import io.espalier.api.Barrier;
import io.espalier.api.Cost;
import io.espalier.api.Plan;
import io.espalier.cli.text.Clean;
import io.espalier.cli.text.Figures;
import io.espalier.cli.text.Style;
import io.espalier.cli.text.Table;
import io.espalier.cli.text.Table.Align;
import io.espalier.cli.text.Table.Cell;
import java.util.ArrayList;
import java.util.List;

/** A plan for people: what it costs and saves, how wide every group stays, and what is left alone and why. */
final class PlanText {

    private final Plan plan;
    private final Style style;
    private final RowLimit limit;
    private final List<String> lines = new ArrayList<>();

    private PlanText(Plan plan, Style style, RowLimit limit) {
        this.plan = plan;
        this.style = style;
        this.limit = limit;
    }

    static List<String> lines(Plan plan, Style style, RowLimit limit) {
        PlanText text = new PlanText(plan, style, limit);
        text.costs();
        text.groups();
        text.ignored();
        text.frozen();
        text.statistics();
        return text.lines;
    }

    private void costs() {
        Cost before = plan.original();
        Cost after = plan.predicted();
        Table table =
                new Table(Align.LEFT, Align.RIGHT, Align.RIGHT, Align.RIGHT).row("", "original", "planned", "change");
        row(table, "parameters", before.parameters(), after.parameters());
        row(table, "MACs", before.macs(), after.macs());
        row(table, "file size, bytes", before.bytes(), after.bytes());
        lines.addAll(table.lines(0));
    }

    private void row(Table table, String name, long before, long after) {
        table.row(List.of(
                Cell.of(name),
                Cell.of(Figures.count(before)),
                new Cell(Figures.count(after), after < before ? style::good : text -> text),
                Cell.of(Figures.change(before, after))));
    }

    private void groups() {
        heading("Groups: " + Figures.count(plan.removed()) + " channels are removed, scored by " + plan.criterion()
                + ", allocated " + plan.allocator() + ", for " + plan.target());
        Table table =
                new Table(Align.RIGHT, Align.RIGHT, Align.RIGHT, Align.RIGHT, Align.RIGHT, Align.RIGHT, Align.LEFT);
        table.row("group", "kept", "of", "lowest score", "mean", "highest", "prunes first");
        for (Plan.Group group : plan.groups()) {
            table.row(
                    Integer.toString(group.id()),
                    Figures.count(group.kept()),
                    Figures.count(group.total()),
                    Figures.plain(group.scores().minimum()),
                    Figures.plain(group.scores().mean()),
                    Figures.plain(group.scores().maximum()),
                    group.name());
        }
        lines.addAll(table.lines(2));
    }

    private void ignored() {
        if (plan.ignored().isEmpty()) {
            return;
        }
        heading("Left alone as you asked");
        Table table = new Table(Align.RIGHT, Align.LEFT, Align.LEFT);
        plan.ignored().forEach(each -> table.row(Figures.count(each.channels()), each.name(), each.reason()));
        lines.addAll(table.lines(2));
    }

    private void frozen() {
        if (plan.frozen().isEmpty()) {
            return;
        }
        heading("Barriers: channels that cannot be removed, and why");
        Table table = new Table(Align.RIGHT, Align.LEFT, Align.LEFT);
        limit.of(plan.frozen())
                .forEach(each -> table.row(
                        Figures.count(each.count()),
                        where(each.barrier()),
                        each.barrier().reason()));
        lines.addAll(table.lines(2));
        limit.omitted(plan.frozen()).ifPresent(lines::add);
    }

    private static String where(Barrier barrier) {
        String axis = barrier.axis() < 0 ? "" : "axis " + barrier.axis() + " of ";
        return axis + "'" + barrier.value() + "' at " + barrier.operator() + " '" + barrier.node() + "':";
    }

    private void statistics() {
        if (plan.statistics().isEmpty()) {
            return;
        }
        heading("Statistics that are taken over fewer channels");
        Table table = new Table(Align.LEFT, Align.LEFT);
        limit.of(plan.statistics())
                .forEach(each -> table.row(
                        each.operator(), "'" + each.node() + "', axis " + each.axis() + " of '" + each.value() + "'"));
        lines.addAll(table.lines(2));
        limit.omitted(plan.statistics()).ifPresent(lines::add);
    }

    private void heading(String text) {
        lines.add("");
        lines.add(style.strong(Clean.text(text)));
    }
}
