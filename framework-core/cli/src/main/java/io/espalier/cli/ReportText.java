package io.espalier.cli;

import io.espalier.api.Cut;
import io.espalier.api.Evaluation;
import io.espalier.api.FineTuned;
import io.espalier.api.Proof;
import io.espalier.api.PruneResult;
import io.espalier.api.Repair;
import io.espalier.api.Repair.Weight;
import io.espalier.api.VerifyResult;
import io.espalier.cli.text.Clean;
import io.espalier.cli.text.Figures;
import io.espalier.cli.text.Style;
import io.espalier.cli.text.Table;
import io.espalier.cli.text.Table.Align;
import io.espalier.cli.text.Table.Cell;
import io.espalier.spi.metric.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.DoubleFunction;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;

/** What a run has gained, for people: one table of before and after, and the proof. */
final class ReportText {

    private final Style style;
    private final Table table = new Table(Align.LEFT, Align.RIGHT, Align.RIGHT, Align.RIGHT);

    private ReportText(Style style) {
        this.style = style;
    }

    static List<String> lines(PruneResult result, Style style) {
        ReportText text = new ReportText(style);
        text.table.row(List.of(Cell.of(""), text.head("original"), text.head("pruned"), text.head("change")));
        text.costs(result);
        text.quality(result);
        List<String> lines = new ArrayList<>(text.table.lines(0));
        lines.add("");
        lines.add(proof(result.proof(), style));
        lines.addAll(cuts(result));
        result.search().ifPresent(search -> lines.addAll(SearchText.lines(search, style)));
        result.repair().flatMap(ReportText::fitted).ifPresent(lines::add);
        result.training().map(ReportText::trained).ifPresent(lines::add);
        RecipeText.line(result.plan(), result.repair().map(Repair::compensator)).ifPresent(lines::add);
        return lines;
    }

    private static List<String> cuts(PruneResult result) {
        List<String> lines = new ArrayList<>();
        for (Cut cut : result.cuts()) {
            lines.add("cut " + (lines.size() + 1) + " after " + Figures.count(cut.step(), "step") + ": MACs "
                    + Figures.change(result.original().cost().macs(), cut.cost().macs()) + ", parameters "
                    + Figures.change(
                            result.original().cost().parameters(), cut.cost().parameters()));
        }
        return lines;
    }

    /** How much closer fitted weights come to what the original computed. */
    private static Optional<String> fitted(Repair repair) {
        List<Weight> changed = repair.weights().stream()
                .filter(weight -> weight.reason().isEmpty())
                .toList();
        return changed.isEmpty()
                ? Optional.empty()
                : Optional.of("fitted  " + changed.size() + " of "
                        + Figures.count(repair.weights().size(), "weight")
                        + " to what the original computed: median error "
                        + Figures.percent(median(changed, Weight::errorBefore)) + " before, "
                        + Figures.percent(median(changed, Weight::errorAfter)) + " after, on examples held back");
    }

    private static String trained(FineTuned training) {
        List<Double> losses = training.losses();
        return "trained  " + Figures.count(losses.size(), "epoch") + " on "
                + Figures.count(training.examples(), "example")
                + training.teacher()
                        .map(name -> ", taught by " + Clean.text(name))
                        .orElse("") + ": loss "
                + Figures.plain(losses.get(0)) + " in the first, "
                + Figures.plain(losses.get(losses.size() - 1)) + " in the last";
    }

    private static double median(List<Weight> weights, ToDoubleFunction<Weight> error) {
        double[] errors = weights.stream().mapToDouble(error).sorted().toArray();
        return (errors[(errors.length - 1) / 2] + errors[errors.length / 2]) / 2;
    }

    /** The verdict on files in one line. */
    static String verdict(VerifyResult result, Style style) {
        if (!result.differences().isEmpty()) {
            return style.bad("failed") + "  the file is not what its plan says: "
                    + Figures.count(result.differences().size(), "difference")
                    + "; if it was pruned from another model or with another plan, name those";
        }
        String recovered = result.recovery()
                .map(compensator ->
                        "; " + Figures.count(result.recoveredConstants().size(), "constant") + " recovered by '"
                                + Clean.text(compensator) + "' after the cut, as the plan records")
                .orElse("");
        return proof(result.proof(), style) + recovered;
    }

    /** The result of a proof in one line. */
    static String proof(Proof proof, Style style) {
        String outcome = Json.word(proof.outcome()).replace('-', ' ');
        if (!proof.isProved()) {
            return style.bad(outcome) + "  " + Clean.text(proof.reason());
        }
        return style.good(outcome) + "  equal to the masked original on " + proof.inputs()
                + " inputs: largest relative difference " + Figures.scientific(proof.maxRelativeDifference())
                + ", allowed "
                + Figures.scientific(proof.tolerance());
    }

    private Cell head(String text) {
        return new Cell(text, style::strong);
    }

    private void costs(PruneResult result) {
        row(
                "parameters",
                result.original().cost().parameters(),
                result.pruned().cost().parameters(),
                value -> Figures.count((long) value));
        row(
                "MACs",
                result.original().cost().macs(),
                result.pruned().cost().macs(),
                value -> Figures.count((long) value));
        row(
                "file size",
                result.original().cost().bytes(),
                result.pruned().cost().bytes(),
                value -> Figures.bytes((long) value));
        result.latency()
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

    private void quality(PruneResult result) {
        Optional<Evaluation> original = result.original().evaluation();
        if (original.isEmpty()) {
            return;
        }
        String metric = original.get().isAccuracy()
                ? "accuracy"
                : Clean.text(original.get().metric());
        String suffix = " on " + Figures.count(original.get().examples()) + " examples";
        boolean recovered = result.repair().isPresent() || result.training().isPresent();
        Evaluation before = original.get();
        result.evaluationAfterCut()
                .ifPresent(cut -> quality(metric + (recovered ? " right after the cut" : suffix), before, cut));
        Optional<Evaluation> after = result.pruned().evaluation();
        Optional<Evaluation> repaired = result.training().isPresent() ? result.evaluationAfterRepair() : after;
        result.repair()
                .ifPresent(repair -> repaired.ifPresent(
                        each -> quality(metric + " after repair " + repair.compensator(), before, each)));
        result.training()
                .ifPresent(training -> after.ifPresent(each -> quality(metric + " after training", before, each)));
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
