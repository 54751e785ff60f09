package io.espalier.cli;

import io.espalier.cli.text.Clean;
import io.espalier.cli.text.Figures;
import io.espalier.cli.text.Style;
import io.espalier.cli.text.Table;
import io.espalier.cli.text.Table.Align;
import io.espalier.cli.text.Table.Cell;
import io.espalier.engine.evaluate.Evaluation;
import io.espalier.engine.run.PruningReport;
import io.espalier.engine.verify.Verification;
import io.espalier.spi.metric.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.DoubleFunction;
import java.util.function.UnaryOperator;

/** What a run has gained, for people: one table of before and after, and the proof. */
final class ReportText {

    private final Style style;
    private final Table table = new Table(Align.LEFT, Align.RIGHT, Align.RIGHT, Align.RIGHT);

    private ReportText(Style style) {
        this.style = style;
    }

    static List<String> lines(PruningReport report, Style style) {
        ReportText text = new ReportText(style);
        text.table.row(List.of(Cell.of(""), text.head("original"), text.head("pruned"), text.head("change")));
        text.costs(report);
        text.quality(report);
        List<String> lines = new ArrayList<>(text.table.lines(0));
        lines.add("");
        lines.add(verification(report.verification(), style));
        return lines;
    }

    /** The result of a proof in one line. */
    static String verification(Verification verification, Style style) {
        String outcome = Json.word(verification.outcome()).replace('-', ' ');
        if (verification.outcome() != Verification.Outcome.PROVED) {
            return style.bad(outcome) + "  " + Clean.text(verification.reason());
        }
        return style.good(outcome) + "  equal to the masked original on " + verification.inputs()
                + " inputs: largest relative difference " + Figures.scientific(verification.maxRelative())
                + ", allowed "
                + Figures.scientific(verification.tolerance());
    }

    private Cell head(String text) {
        return new Cell(text, style::strong);
    }

    private void costs(PruningReport report) {
        row(
                "parameters",
                report.original().cost().parameters(),
                report.pruned().cost().parameters(),
                value -> Figures.count((long) value));
        row(
                "MACs",
                report.original().cost().macs(),
                report.pruned().cost().macs(),
                value -> Figures.count((long) value));
        row(
                "file size",
                report.original().cost().bytes(),
                report.pruned().cost().bytes(),
                value -> Figures.bytes((long) value));
        report.latency()
                .ifPresent(latency ->
                        row("median latency", latency.originalNanos(), latency.prunedNanos(), Figures::millis));
    }

    private void row(String name, double before, double after, DoubleFunction<String> figure) {
        UnaryOperator<String> paint = after < before ? style::good : style::warning;
        table.row(List.of(
                Cell.of(name),
                Cell.of(figure.apply(before)),
                new Cell(figure.apply(after), paint),
                new Cell(Figures.change(before, after), paint)));
    }

    private void quality(PruningReport report) {
        Optional<Evaluation> original = report.original().evaluation();
        if (original.isEmpty()) {
            return;
        }
        String metric = original.get().isAccuracy()
                ? "accuracy"
                : Clean.text(original.get().metric());
        String suffix = " on " + Figures.count(original.get().examples()) + " examples";
        boolean repaired = report.repair().isPresent();
        report.evaluationAfterCut()
                .ifPresent(cut -> quality(metric + (repaired ? " right after the cut" : suffix), original.get(), cut));
        report.repair()
                .ifPresent(repair -> report.pruned()
                        .evaluation()
                        .ifPresent(after ->
                                quality(metric + " after repair " + repair.compensator(), original.get(), after)));
    }

    private void quality(String name, Evaluation before, Evaluation after) {
        UnaryOperator<String> paint = after.isAsGoodAs(before) ? style::good : text -> text;
        table.row(List.of(
                Cell.of(name),
                Cell.of(value(before)),
                new Cell(value(after), paint),
                new Cell(change(before, after), paint)));
    }

    private static String value(Evaluation evaluation) {
        return evaluation.unit() == Metric.Unit.SHARE
                ? Figures.percent(evaluation.value())
                : Figures.plain(evaluation.value());
    }

    private static String change(Evaluation before, Evaluation after) {
        return before.unit() == Metric.Unit.SHARE
                ? String.format(Locale.ROOT, "%+.2f points", (after.value() - before.value()) * 100)
                : Figures.change(before.value(), after.value());
    }
}
