package io.espalier.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Writes a report as Markdown. Names are code, so that none of them is markup. */
final class MarkdownReport {

    private static final double PERCENT = 100;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final Map<String, String> STAGES =
            Map.of("cut", "right after the cut", "repaired", "after repair", "trained", "after training");

    private final List<ObjectNode> runs;
    private final List<TradeOffCurve> curves;
    private final List<Figure> figures;
    private final Function<Figure, String> place;
    private final MarkdownText text = new MarkdownText();

    MarkdownReport(
            List<ObjectNode> runs, List<TradeOffCurve> curves, List<Figure> figures, Function<Figure, String> place) {
        this.runs = runs;
        this.curves = curves;
        this.figures = figures;
        this.place = place;
    }

    String text() {
        boolean isCompared = runs.size() > 1 || !curves.isEmpty();
        if (isCompared) {
            text.line("# " + (runs.size() > 1 ? runs.size() + " runs" : "A run beside other tools"));
            comparison();
            pictures(0);
            tradeOffs();
        }
        for (int i = 0; i < runs.size(); i++) {
            run(i + 1, runs.get(i), isCompared ? "## " : "# ");
        }
        return text.toString();
    }

    private void comparison() {
        text.table("run", "target", "criterion", "MACs", "parameters", "quality", "verdict");
        runs.forEach(run -> text.row(
                MarkdownText.code(model(run)),
                MarkdownText.code(run.path("target").asText()),
                MarkdownText.code(run.path("criterion").asText()),
                share(run, "macs"),
                share(run, "parameters"),
                TradeOff.of(run).map(each -> percent(each.quality())).orElse(""),
                verdict(run)));
        text.line("");
    }

    private void tradeOffs() {
        if (curves.isEmpty()) {
            return;
        }
        text.table("how", "MACs", "parameters", TradeOffCurve.metric(curves));
        curves.forEach(curve -> curve.points()
                .forEach(each -> text.row(
                        MarkdownText.plain(curve.name()),
                        percent(each.macs()),
                        each.parameters() > 0 ? percent(each.parameters()) : "",
                        percent(each.quality()))));
        text.line("");
    }

    private void run(int number, JsonNode run, String level) {
        text.line(level + MarkdownText.code(model(run)));
        text.line(verdict(run) + ", asked for "
                + MarkdownText.code(run.path("target").asText("nothing to remove")) + " with "
                + MarkdownText.code(run.path("tool").asText()) + ".");
        text.line("");
        if (run.has("failure")) {
            text.line(MarkdownText.code(run.get("failure").path("message").asText()));
            text.line("");
        }
        results(run);
        pictures(number);
        search(run.path("search"));
        timed(run.path("trials"));
        recipe(run.path("report"));
        blocks(run.path("report").path("blocks"));
        widths(run.path("report").path("layers"));
        errors(run.path("report").path("repair"));
        barriers(run.path("barrierList"));
        replay(run.path("report"));
    }

    private void results(JsonNode run) {
        text.table("", "original", "pruned", "change");
        number(run, "parameters", "parameters");
        number(run, "macs", "MACs");
        number(run, "bytes", "bytes");
        if (run.has("latency")) {
            double before = run.get("latency").path("original").doubleValue();
            double after = run.get("latency").path("pruned").doubleValue();
            text.row(
                    "median latency",
                    millis(before),
                    millis(after),
                    change(before, after) + spread(run.get("latency")));
        }
        JsonNode measured = run.has("accuracy") ? run.get("accuracy") : run.path("metric");
        String name = run.has("accuracy") ? "accuracy" : measured.path("name").asText();
        boolean isShare = run.has("accuracy") || measured.path("share").booleanValue();
        Stream.of("cut", "repaired", "trained")
                .filter(measured::has)
                .forEach(stage -> text.row(
                        name + " " + STAGES.get(stage),
                        quality(measured.path("original"), isShare),
                        quality(measured.get(stage), isShare),
                        isShare
                                        && measured.path("original").isNumber()
                                        && measured.get(stage).isNumber()
                                ? format(
                                        "%+.2f points",
                                        PERCENT
                                                * (measured.get(stage).doubleValue()
                                                        - measured.get("original")
                                                                .doubleValue()))
                                : ""));
        text.line("");
    }

    /** What half of all neighbouring runs say, in the middle; nothing for runs of programs that did not keep it. */
    private static String spread(JsonNode latency) {
        return latency.has("highRatio")
                ? format(
                                " (half of the runs: %+.1f",
                                PERCENT * (latency.get("lowRatio").doubleValue() - 1))
                        + format(
                                " to %+.1f %%)",
                                PERCENT * (latency.get("highRatio").doubleValue() - 1))
                : "";
    }

    private void number(JsonNode run, String field, String name) {
        double before = run.path("original").path(field).doubleValue();
        double after = run.path("pruned").path(field).doubleValue();
        if (before > 0 && after > 0) {
            text.row(name, format("%,.0f", before), format("%,.0f", after), change(before, after));
        }
    }

    private void pictures(int run) {
        figures.stream().filter(each -> each.run() == run).forEach(each -> {
            text.line("![" + each.title() + "](" + place.apply(each).replace(" ", "%20") + ")");
            text.line("");
        });
    }

    private void search(JsonNode search) {
        if (search.path("curve").isEmpty()) {
            return;
        }
        double macs = search.path("original").path("macs").doubleValue();
        boolean isTimed = search.path("original").has("latencyNanos");
        List<String> head = new ArrayList<>(
                List.of("point", "target", "MACs", search.path("metric").asText(), ""));
        if (isTimed) {
            head.add(2, "latency predicted");
        }
        text.table(head.toArray(String[]::new));
        search.get("curve").forEach(each -> {
            List<String> row = new ArrayList<>(List.of(
                    each.path("number").asText(),
                    MarkdownText.code(each.path("target").asText()),
                    percent(each.path("macs").doubleValue() / macs),
                    percent(each.path("value").doubleValue()) + " ± " + percent(error(each)),
                    each.path("number").equals(search.path("chosen")) ? "chosen" : ""));
            if (isTimed) {
                row.add(2, millis(each.path("latencyNanos").doubleValue()));
            }
            text.row(row.toArray(String[]::new));
        });
        text.line("");
    }

    /** The standard error of the loss; of older records, that of the one accuracy. */
    private static double error(JsonNode point) {
        return point.path(point.has("standardErrorOfLoss") ? "standardErrorOfLoss" : "standardError")
                .doubleValue();
    }

    /** Networks that were cut and timed to meet a latency. */
    private void timed(JsonNode trials) {
        List<JsonNode> measured = StreamSupport.stream(trials.spliterator(), false)
                .filter(each -> each.path("latency").path("measured").longValue() > 0)
                .toList();
        if (measured.isEmpty()) {
            return;
        }
        text.table("trial", "way to choose channels", "MACs", "time predicted", "time measured", "");
        measured.forEach(each -> text.row(
                each.path("number").asText(),
                MarkdownText.code(each.path("way").asText()),
                format("%,.0f", each.path("macs").doubleValue()),
                share(each.get("latency"), "predicted", "original"),
                share(each.get("latency"), "measured", "original"),
                each.path("keeps").booleanValue() ? "meets it" : "too slow"));
        text.line("");
    }

    private static String share(JsonNode latency, String part, String whole) {
        return percent(latency.path(part).doubleValue() / latency.path(whole).doubleValue());
    }

    private void recipe(JsonNode report) {
        if (report.has("recipe")) {
            text.line("Settings that were not asked for are those of the recipe "
                    + MarkdownText.code(report.get("recipe").asText()) + ".");
            text.line("");
        }
        report.path("notes").forEach(note -> text.line("- " + MarkdownText.plain(note.asText())));
        text.line("");
    }

    private void blocks(JsonNode blocks) {
        if (blocks.isEmpty()) {
            return;
        }
        text.table("residual block that is left out", "parameters", "MACs", "lost by then");
        blocks.forEach(each -> text.row(
                StreamSupport.stream(each.path("layers").spliterator(), false)
                        .map(layer -> MarkdownText.code(layer.asText()))
                        .collect(Collectors.joining(", ")),
                format("%,.0f", each.path("parameters").doubleValue()),
                format("%,.0f", each.path("macs").doubleValue()),
                quality(each.path("score"), true)));
        text.line("");
    }

    private void widths(JsonNode layers) {
        if (layers.isEmpty()) {
            return;
        }
        text.table("layer", "kept", "of");
        layers.forEach(each -> text.row(
                MarkdownText.code(each.path("name").asText()),
                each.path("kept").asText(),
                each.path("total").asText()));
        text.line("");
    }

    private void errors(JsonNode repair) {
        if (repair.path("weights").isEmpty()) {
            return;
        }
        text.table("weight", "error before the repair", "after it", "why it was left");
        repair.get("weights")
                .forEach(each -> text.row(
                        MarkdownText.code(each.path("name").asText()),
                        quality(each.path("errorBefore"), true),
                        quality(each.path("errorAfter"), true),
                        MarkdownText.plain(each.path("reason").asText())));
        text.line("");
    }

    private void barriers(JsonNode barriers) {
        if (barriers.isEmpty()) {
            return;
        }
        text.table("what cannot be removed", "axis", "why");
        barriers.forEach(each -> text.row(
                MarkdownText.code(each.path("value").asText()),
                each.path("axis").asText(),
                MarkdownText.plain(each.path("reason").asText())));
        text.line("");
    }

    private void replay(JsonNode report) {
        if (!report.has("plan")) {
            return;
        }
        String input = report.path("input").asText();
        String plan = report.path("plan").asText();
        text.line("```sh");
        text.line("espalier prune '" + input + "' --plan '" + plan + "' -o again.onnx");
        text.line("espalier verify '" + input + "' '" + plan + "' '"
                + report.path("output").asText() + "'");
        text.line("```");
        text.line("");
        text.line("Digest of the plan: "
                + MarkdownText.code(report.path("planDigest").asText()));
    }

    private static String model(JsonNode run) {
        String path = run.path("model").asText();
        Path name = path.isEmpty() ? null : Path.of(path).getFileName();
        return name == null ? run.path("id").asText() : name.toString();
    }

    private static String verdict(JsonNode run) {
        return run.path("verification").path("outcome").asText(run.path("state").asText());
    }

    private static String share(JsonNode run, String field) {
        double before = run.path("original").path(field).doubleValue();
        double after = run.path("pruned").path(field).doubleValue();
        return before > 0 && after > 0 ? percent(after / before) : "";
    }

    private static String quality(JsonNode value, boolean isShare) {
        if (!value.isNumber()) {
            return "";
        }
        return isShare ? percent(value.doubleValue()) : format("%.4g", value.doubleValue());
    }

    private static String percent(double share) {
        return format("%.2f %%", PERCENT * share);
    }

    private static String millis(double nanos) {
        return format("%.3f ms", nanos / NANOS_PER_MILLI);
    }

    private static String change(double before, double after) {
        return format("%+.1f %%", PERCENT * (after - before) / before);
    }

    private static String format(String pattern, double value) {
        return String.format(Locale.ROOT, pattern, value);
    }
}
