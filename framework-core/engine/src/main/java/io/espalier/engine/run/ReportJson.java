package io.espalier.engine.run;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.engine.evaluate.Evaluation;
import io.espalier.engine.json.JsonDocument;
import io.espalier.engine.plan.Plan.PlannedBlock;
import io.espalier.engine.plan.Plan.PlannedGroup;
import io.espalier.engine.plan.PlanFile;
import io.espalier.engine.recover.FittedWeight;
import io.espalier.engine.run.PlanNames.Shown;
import io.espalier.engine.run.PruningReport.RepairSummary;
import io.espalier.engine.run.PruningReport.TrainingSummary;
import io.espalier.engine.search.AccuracyGoal;
import io.espalier.engine.search.SearchRecord;
import io.espalier.engine.search.SearchRecord.CurvePoint;
import io.espalier.engine.verify.Verification;
import io.espalier.graph.cost.Cost;
import java.util.List;
import java.util.Locale;

/** A report as JSON, for files and for {@code --json}. */
public final class ReportJson {

    private ReportJson() {}

    static byte[] bytes(PruningReport report) {
        return JsonDocument.bytes(json(report));
    }

    /** The report as text, as it is written to a file. */
    public static String text(PruningReport report) {
        return ReportForm.text(json(report));
    }

    /** The report as an object; fields that do not apply are left out. */
    public static ObjectNode json(PruningReport report) {
        ObjectNode json = ReportForm.of(report.runId(), report.tool(), report.input(), report.files());
        json.put("plan", report.files().plan().toString());
        json.put("planDigest", report.planDigest());
        json.put("target", report.plan().settings().target());
        if (!report.plan().settings().inputs().isEmpty()) {
            json.set("inputs", PlanFile.inputs(report.plan().settings()));
        }
        report.plan().settings().recipe().ifPresent(recipe -> json.put("recipe", recipe));
        report.search().ifPresent(search -> json.set("search", search(search, report.files())));
        json.set("original", measured(report.original()));
        json.set("predicted", cost(report.plan().predicted()));
        json.set("pruned", measured(report.pruned()));
        report.evaluationAfterCut().ifPresent(evaluation -> {
            if (evaluation.isAccuracy()) {
                json.put("accuracyAfterCut", evaluation.value());
            }
            json.set("metricAfterCut", metric(evaluation));
        });
        report.evaluationAfterRepair().ifPresent(evaluation -> json.set("metricAfterRepair", metric(evaluation)));
        json.set("verification", verification(report.verification()));
        report.latency()
                .ifPresent(latency -> json.putObject("latency")
                        .put("originalMedianNanos", latency.originalNanos())
                        .put("prunedMedianNanos", latency.prunedNanos())
                        .put("ratio", latency.ratio())
                        .put("lowRatio", latency.lowRatio())
                        .put("highRatio", latency.highRatio())
                        .put("runs", latency.runs()));
        report.repair().ifPresent(repair -> json.set("repair", repair(repair)));
        report.training().ifPresent(training -> json.set("training", training(training)));
        report.cuts()
                .forEach(cut -> json.withArray("/cuts")
                        .add(cost(cut.cost())
                                .put("step", cut.step())
                                .put("plan", cut.plan().toString())));
        for (int i = 0; i < report.plan().blocks().size(); i++) {
            json.withArray("/blocks")
                    .add(block(
                            report.plan().blocks().get(i),
                            report.names().blocks().get(i)));
        }
        report.plan()
                .groups()
                .forEach(group -> json.withArray("/groups")
                        .add(group(group, report.names().group(group))));
        report.names()
                .widths()
                .forEach(width -> json.withArray("/layers")
                        .addObject()
                        .put("name", width.layer())
                        .put("kept", width.kept())
                        .put("total", width.total()));
        report.notes().forEach(json.putArray("notes")::add);
        report.losses().forEach(loss -> json.withArray("/eventLosses").add(loss.toString()));
        json.put("elapsedMillis", report.elapsed().toMillis());
        return json;
    }

    private static ObjectNode search(SearchRecord search, Outputs files) {
        CurvePoint chosen = search.chosen().orElseThrow();
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("goal", search.goal())
                .put("least", search.least())
                .put("standardError", AccuracyGoal.standardError(chosen.value(), search.examples()));
        chosen.lossError().ifPresent(error -> json.put("standardErrorOfLoss", error));
        return json.put("trials", search.trials().size())
                .put("stopped", search.stopped().orElseThrow().toString())
                .put("chosen", chosen.number())
                .put("file", files.search().toString());
    }

    private static ObjectNode repair(RepairSummary repair) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("compensator", repair.compensator())
                .put("parametersChanged", repair.parameters())
                .put("examples", repair.examples());
        for (FittedWeight weight : repair.fitted()) {
            ObjectNode each = json.withArray("/weights").addObject().put("name", weight.weight());
            if (!Double.isNaN(weight.before())) {
                each.put("errorBefore", weight.before()).put("errorAfter", weight.after());
            }
            if (!weight.isChanged()) {
                each.put("reason", weight.reason());
            }
            if (!weight.note().isEmpty()) {
                each.put("note", weight.note());
            }
        }
        return json;
    }

    private static ObjectNode training(TrainingSummary training) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("loss", training.how().loss())
                .put("optimizer", training.how().optimizer())
                .put("epochs", training.how().epochs())
                .put("examples", training.how().examples());
        training.how().teacher().ifPresent(teacher -> json.put("teacher", teacher));
        training.losses().forEach(json.putArray("losses")::add);
        return json;
    }

    private static ObjectNode measured(Measured measured) {
        ObjectNode json = cost(measured.cost());
        measured.evaluation().ifPresent(evaluation -> {
            if (evaluation.isAccuracy()) {
                json.put("accuracy", evaluation.value());
            }
            json.put("examples", evaluation.examples());
            json.set("metric", metric(evaluation));
        });
        return json;
    }

    private static ObjectNode metric(Evaluation evaluation) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("name", evaluation.metric())
                .put("value", finite(evaluation.value()))
                .put("unit", evaluation.unit().name().toLowerCase(Locale.ROOT))
                .put("higherIsBetter", evaluation.higherIsBetter());
    }

    private static ObjectNode cost(Cost cost) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("parameters", cost.parameters())
                .put("macs", cost.macs())
                .put("bytes", cost.bytes());
    }

    private static ObjectNode verification(Verification verification) {
        return JsonNodeFactory.instance
                .objectNode()
                .put(
                        "outcome",
                        verification.outcome().name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .put("maxAbsoluteDifference", finite(verification.maxAbsolute()))
                .put("maxRelativeDifference", finite(verification.maxRelative()))
                .put("tolerance", verification.tolerance())
                .put("liftDifference", finite(verification.lift()))
                .put("inputs", verification.inputs())
                .put("reason", verification.reason());
    }

    /** JSON has no NaN. */
    private static Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }

    private static ObjectNode block(PlannedBlock block, List<String> layers) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("sum", block.sum());
        layers.forEach(json.putArray("layers")::add);
        return json.put("score", block.score())
                .put("parameters", block.parameters())
                .put("macs", block.macs());
    }

    private static ObjectNode group(PlannedGroup group, Shown shown) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("name", group.name())
                .put("kept", group.kept())
                .put("total", group.total())
                .put("layer", shown.layer())
                .put("channelsPerUnit", shown.channelsPerUnit());
    }
}
