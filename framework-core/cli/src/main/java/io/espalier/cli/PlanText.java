package io.espalier.cli;

import io.espalier.api.Barrier;
import io.espalier.api.Cost;
import io.espalier.api.GroupLayer;
import io.espalier.api.Plan;
import io.espalier.api.PlanLayers;
import io.espalier.api.PlanResult;
import io.espalier.cli.text.Clean;
import io.espalier.cli.text.Figures;
import io.espalier.cli.text.Style;
import io.espalier.cli.text.Table;
import io.espalier.cli.text.Table.Align;
import io.espalier.cli.text.Table.Cell;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A plan for people: what it costs and saves, how wide every group stays, and what is left alone and why. */
final class PlanText {

    private final Plan plan;
    private final PlanLayers layers;
    private final Style style;
    private final RowLimit limit;
    private final List<String> lines = new ArrayList<>();

    private PlanText(PlanResult result, Style style, RowLimit limit) {
        this.plan = result.plan();
        this.layers = result.layers();
        this.style = style;
        this.limit = limit;
    }

    static List<String> lines(PlanResult result, Style style, RowLimit limit) {
        PlanText text = new PlanText(result, style, limit);
        text.costs();
        text.blocks();
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

    private void blocks() {
        if (plan.blocks().isEmpty()) {
            return;
        }
        heading("Residual blocks that are left out: "
                + Figures.count(plan.blocks().size()));
        Table table = new Table(Align.RIGHT, Align.RIGHT, Align.RIGHT, Align.LEFT);
        table.row("lost by then", "parameters", "MACs", "layers");
        for (int i = 0; i < plan.blocks().size(); i++) {
            Plan.Block block = plan.blocks().get(i);
            table.row(
                    Figures.plain(block.score()),
                    Figures.count(block.parameters()),
                    Figures.count(block.macs()),
                    String.join(", ", layers.blocks().get(i)));
        }
        lines.addAll(table.lines(2));
    }

    private void groups() {
        heading("Groups: " + Figures.count(plan.removed()) + " coupled channels (units) are removed, scored by "
                + plan.criterion() + ", allocated " + plan.allocator() + ", for " + plan.target());
        Table table = new Table(
                Align.RIGHT, Align.RIGHT, Align.RIGHT, Align.RIGHT, Align.RIGHT, Align.RIGHT, Align.RIGHT, Align.LEFT);
        table.row("group", "kept", "of", "channels/unit", "lowest score", "mean", "highest", "layer");
        for (Plan.Group group : plan.groups()) {
            GroupLayer layer = layers.groups().getOrDefault(group.id(), new GroupLayer(group.name(), 1));
            table.row(
                    Integer.toString(group.id()),
                    Figures.count(group.kept()),
                    Figures.count(group.total()),
                    Figures.width(layer.channelsPerUnit()),
                    Figures.plain(group.scores().minimum()),
                    Figures.plain(group.scores().mean()),
                    Figures.plain(group.scores().maximum()),
                    layer.name());
        }
        lines.addAll(table.lines(2));
        RecipeText.line(plan, Optional.empty()).ifPresent(line -> {
            lines.add("");
            lines.add(line);
        });
    }

    private void ignored() {
        if (plan.ignored().isEmpty()) {
            return;
        }
        heading("Left alone, and why");
        Table table = new Table(Align.RIGHT, Align.LEFT, Align.LEFT);
        for (int i = 0; i < plan.ignored().size(); i++) {
            Plan.Ignored ignored = plan.ignored().get(i);
            table.row(Figures.count(ignored.channels()), layers.ignored().get(i), ignored.reason());
        }
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
                        where(each.barrier(), layer(each.barrier().node())),
                        layers.inFile(each.barrier().reason())));
        lines.addAll(table.lines(2));
        limit.omitted(plan.frozen()).ifPresent(lines::add);
    }

    private String layer(String node) {
        return layers.nodes().getOrDefault(node, node);
    }

    private String where(Barrier barrier, String layer) {
        String axis = barrier.axis() < 0 ? "" : "axis " + barrier.axis() + " of ";
        return axis + "'" + layers.inFile(barrier.value()) + "' at " + barrier.operator() + " '" + layer + "':";
    }

    private void statistics() {
        if (plan.statistics().isEmpty()) {
            return;
        }
        heading("Statistics that are taken over fewer channels");
        Table table = new Table(Align.LEFT, Align.LEFT);
        limit.of(plan.statistics())
                .forEach(each -> table.row(
                        each.operator(),
                        "'" + layer(each.node()) + "', axis " + each.axis() + " of '" + layers.inFile(each.value())
                                + "'"));
        lines.addAll(table.lines(2));
        limit.omitted(plan.statistics()).ifPresent(lines::add);
    }

    private void heading(String text) {
        lines.add("");
        lines.add(style.strong(Clean.text(text)));
    }
}
