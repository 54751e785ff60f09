package io.espalier.training;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.engine.json.JsonDocument;
import io.espalier.engine.run.ReportForm;

/** A report of training as JSON, for files and for {@code --json}. */
public final class TrainingJson {

    private static final double MILLIS = 1e3;

    private TrainingJson() {}

    static byte[] bytes(TrainingReport report) {
        return JsonDocument.bytes(json(report));
    }

    /** The report as text, as it is written to a file. */
    public static String text(TrainingReport report) {
        return ReportForm.text(json(report));
    }

    /** The report as an object; fields that do not apply are left out. */
    private static ObjectNode json(TrainingReport report) {
        ObjectNode json = ReportForm.of(report.runId(), report.tool(), report.input(), report.files());
        report.weights().forEach(weight -> json.withArray("weights").add(weight.name()));
        json.put(
                "parameters",
                report.weights().stream().mapToLong(TrainableWeight::size).sum());
        report.epochs().forEach(epoch -> json.withArray("epochs").add(json(epoch)));
        report.before()
                .ifPresent(value -> json.put("metric", value.metric())
                        .put("examples", value.examples())
                        .put("before", value.value()));
        report.after().ifPresent(value -> json.put("after", value.value()));
        report.notes().forEach(json.withArray("notes")::add);
        json.put("seconds", report.elapsed().toMillis() / MILLIS);
        return json;
    }

    private static ObjectNode json(EpochResult epoch) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("epoch", epoch.number())
                .put("loss", epoch.loss())
                .put("learningRate", epoch.rate())
                .put("seconds", epoch.seconds());
        epoch.training().ifPresent(value -> json.put("training", value.value()));
        epoch.validation().ifPresent(value -> json.put("validation", value.value()));
        return json;
    }
}
