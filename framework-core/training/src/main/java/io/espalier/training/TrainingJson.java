package io.espalier.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;

/** A report of training as JSON, for files and for {@code --json}. */
public final class TrainingJson {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final double MILLIS = 1e3;

    private TrainingJson() {}

    static byte[] bytes(TrainingReport report) {
        return text(report).getBytes(StandardCharsets.UTF_8);
    }

    /** The report as text, as it is written to a file. */
    public static String text(TrainingReport report) {
        try {
            return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(json(report)) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a report that cannot be written as JSON", e);
        }
    }

    /** The report as an object; fields that do not apply are left out. */
    private static ObjectNode json(TrainingReport report) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("schemaVersion", 1);
        json.put("runId", report.runId());
        json.put("tool", report.tool());
        json.put("input", report.input().toString());
        json.put("output", report.files().model().toString());
        json.put("journal", report.files().journal().toString());
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
