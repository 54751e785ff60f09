package io.espalier.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
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
    private final List<Figure> figures;
    private final Function<Figure, String> place;
    private final StringBuilder text = new StringBuilder();

    MarkdownReport(List<ObjectNode> runs, List<Figure> figures, Function<Figure, String> place) {
        this.runs = runs;
        this.figures = figures;
        this.place = place;
    }

    String text() {
        if (runs.size() > 1) {
            line("# " + runs.size() + " runs");
            comparison();
            pictures(0);
        }
        for (int i = 0; i < runs.size(); i++) {
            run(i + 1, runs.get(i));
        }
        return text.toString();
    }

    private void comparison() {
        table("run", "target", "criterion", "MACs", "parameters", "quality", "verdict");
        runs.forEach(run -> row(
                code(model(run)),
                code(run.path("target").asText()),
                code(run.path("criterion").asText()),
                share(run, "macs"),
                share(run, "parameters"),
                TradeOff.of(run).map(each -> percent(each.quality())).orElse(""),
                verdict(run)));
        line("");
    }

    private void run(int number, JsonNode run) {
        line((runs.size() > 1 ? "## " : "# ") + code(model(run)));
        line(verdict(run) + ", asked for " + code(run.path("target").asText("nothing to remove")) + " with "
                + code(run.path("tool").asText()) + ".");
        line("");
        if (run.has("failure")) {
            line(code(run.get("failure").path("message").asText()));
            line("");
        }
        results(run);
        pictures(number);
        search(run.path("search"));
        recipe(run.path("report"));
        blocks(run.path("report").path("blocks"));
        widths(run.path("report").path("layers"));
        errors(run.path("report").path("repair"));
        barriers(run.path("barrierList"));
        replay(run.path("report"));
    }

    private void results(JsonNode run) {
        table("", "original", "pruned", "change");
        number(run, "parameters", "parameters");
        number(run, "macs", "MACs");
        number(run, "bytes", "bytes");
        if (run.has("latency")) {
            double before = run.get("latency").path("original").doubleValue();
            double after = run.get("latency").path("pruned").doubleValue();
            row("median latency", millis(before), millis(after), change(before, after) + spread(run.get("latency")));
        }
        JsonNode measured = run.has("accuracy") ? run.get("accuracy") : run.path("metric");
        String name = run.has("accuracy") ? "accuracy" : measured.path("name").asText();
        boolean isShare = run.has("accuracy") || measured.path("share").booleanValue();
        Stream.of("cut", "repaired", "trained")
                .filter(measured::has)
                .forEach(stage -> row(
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
        line("");
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
            row(name, format("%,.0f", before), format("%,.0f", after), change(before, after));
        }
    }

    private void pictures(int run) {
        figures.stream().filter(each -> each.run() == run).forEach(each -> {
            line("![" + each.title() + "](" + place.apply(each).replace(" ", "%20") + ")");
            line("");
        });
    }

    private void search(JsonNode search) {
        if (search.path("curve").isEmpty()) {
            return;
        }
        double macs = search.path("original").path("macs").doubleValue();
        table("point", "target", "MACs", search.path("metric").asText(), "");
        search.get("curve")
                .forEach(each -> row(
                        each.path("number").asText(),
                        code(each.path("target").asText()),
                        percent(each.path("macs").doubleValue() / macs),
                        percent(each.path("value").doubleValue()) + " ± "
                                + percent(each.path("standardError").doubleValue()),
                        each.path("number").equals(search.path("chosen")) ? "chosen" : ""));
        line("");
    }

    private void recipe(JsonNode report) {
        if (report.has("recipe")) {
            line("Settings that were not asked for are those of the recipe "
                    + code(report.get("recipe").asText()) + ".");
            line("");
        }
        report.path("notes").forEach(note -> line("- " + plain(note.asText())));
        line("");
    }

    private void blocks(JsonNode blocks) {
        if (blocks.isEmpty()) {
            return;
        }
        table("residual block that is left out", "parameters", "MACs", "lost by then");
        blocks.forEach(each -> row(
                StreamSupport.stream(each.path("layers").spliterator(), false)
                        .map(layer -> code(layer.asText()))
                        .collect(Collectors.joining(", ")),
                format("%,.0f", each.path("parameters").doubleValue()),
                format("%,.0f", each.path("macs").doubleValue()),
                quality(each.path("score"), true)));
        line("");
    }

    private void widths(JsonNode layers) {
        if (layers.isEmpty()) {
            return;
        }
        table("layer", "kept", "of");
        layers.forEach(each -> row(
                code(each.path("name").asText()),
                each.path("kept").asText(),
                each.path("total").asText()));
        line("");
    }

    private void errors(JsonNode repair) {
        if (repair.path("weights").isEmpty()) {
            return;
        }
        table("weight", "error before the repair", "after it", "why it was left");
        repair.get("weights")
                .forEach(each -> row(
                        code(each.path("name").asText()),
                        quality(each.path("errorBefore"), true),
                        quality(each.path("errorAfter"), true),
                        plain(each.path("reason").asText())));
        line("");
    }

    private void barriers(JsonNode barriers) {
        if (barriers.isEmpty()) {
            return;
        }
        table("what cannot be removed", "axis", "why");
        barriers.forEach(each -> row(
                code(each.path("value").asText()),
                each.path("axis").asText(),
                plain(each.path("reason").asText())));
        line("");
    }

    private void replay(JsonNode report) {
        if (!report.has("plan")) {
            return;
        }
        String input = report.path("input").asText();
        String plan = report.path("plan").asText();
        line("```sh");
        line("espalier prune '" + input + "' --plan '" + plan + "' -o again.onnx");
        line("espalier verify '" + input + "' '" + plan + "' '"
                + report.path("output").asText() + "'");
        line("```");
        line("");
        line("Digest of the plan: " + code(report.path("planDigest").asText()));
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

    private void table(String... heads) {
        row(heads);
        line("|" + "---|".repeat(heads.length));
    }

    private void row(String... cells) {
        line(Stream.of(cells).collect(Collectors.joining(" | ", "| ", " |")));
    }

    private void line(String content) {
        text.append(content).append('\n');
    }

    /** A sentence in which nothing is markup. */
    private static String plain(String sentence) {
        return sentence.replaceAll("[\\r\\n]+", " ").replaceAll("([\\\\`*_<>\\[\\]|])", "\\\\$1");
    }

    /** Text that is shown as it is, also in a table. */
    private static String code(String name) {
        String plain = name.replaceAll("[\\r\\n]+", " ").replace("|", "\\|");
        String fence = "`".repeat(1 + longestTicks(plain));
        return plain.isEmpty() ? "" : fence.length() == 1 ? fence + plain + fence : fence + " " + plain + " " + fence;
    }

    private static int longestTicks(String name) {
        int longest = 0;
        int now = 0;
        for (char each : name.toCharArray()) {
            now = each == '`' ? now + 1 : 0;
            longest = Math.max(longest, now);
        }
        return longest;
    }
}
