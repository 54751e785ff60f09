package io.espalier.engine.search;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.engine.json.JsonDocument;
import io.espalier.engine.json.JsonPlace;
import io.espalier.engine.plan.Plan.ModelReference;
import io.espalier.engine.search.SearchRecord.CurvePoint;
import io.espalier.engine.search.SearchRecord.Stop;
import io.espalier.engine.search.SearchRecord.TableReference;
import io.espalier.graph.cost.Cost;
import io.espalier.spi.InvalidInputException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Records of searches as JSON, described by {@code docs/search.schema.json}. Equal records have equal bytes. */
public final class SearchFile {

    /** Enough for every double, and the same on every Java version, which the shortest form is not. */
    private static final MathContext DIGITS = new MathContext(17);

    private static final String LOSS_ERROR = "standardErrorOfLoss";
    private static final String NANOS = "latencyNanos";
    private static final String TABLE = "latencyTable";
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private SearchFile() {}

    /** The bytes of a record. */
    public static byte[] bytes(SearchRecord record) {
        ObjectNode json = JSON.objectNode();
        json.put("schemaVersion", SearchRecord.SCHEMA_VERSION);
        json.put("tool", record.tool());
        json.putObject("model")
                .put("file", record.model().file())
                .put("digest", record.model().digest());
        json.put("key", record.key());
        ObjectNode arguments = json.putObject("arguments");
        record.arguments().forEach((name, values) -> values.forEach(arguments.putArray(name)::add));
        json.put("goal", record.goal());
        json.put("minimized", record.minimized());
        record.latencyTable()
                .ifPresent(
                        table -> json.putObject(TABLE).put("file", table.file()).put("digest", table.digest()));
        json.put("metric", record.metric());
        json.put("examples", record.examples());
        json.set("original", point(record.original()));
        json.put("least", exact(record.least()));
        record.trials().forEach(trial -> json.withArray("/trials").add(trial(trial)));
        record.curve().forEach(point -> json.withArray("/curve").add(point(point, record)));
        record.chosen().ifPresent(point -> json.put("chosen", point.number()));
        record.stopped().ifPresent(reason -> json.put("stopped", reason.toString()));
        return JsonDocument.bytes(json);
    }

    private static ObjectNode trial(Trial trial) {
        ObjectNode json = JSON.objectNode().put("budget", trial.budget());
        trial.point().map(SearchFile::point).ifPresent(json::setAll);
        return json;
    }

    private static ObjectNode point(Trial.Point point) {
        ObjectNode json = cost(point.cost(), point.nanos()).put("value", exact(point.value()));
        point.lossError().ifPresent(error -> json.put(LOSS_ERROR, exact(error)));
        return json;
    }

    private static ObjectNode point(CurvePoint point, SearchRecord record) {
        ObjectNode json = JSON.objectNode().put("number", point.number()).put("target", point.target());
        json.setAll(cost(point.cost(), point.nanos()));
        json.put("value", exact(point.value()))
                .put("standardError", exact(AccuracyGoal.standardError(point.value(), record.examples())));
        point.lossError().ifPresent(error -> json.put(LOSS_ERROR, exact(error)));
        return json.put("keeps", point.keeps());
    }

    private static ObjectNode cost(Cost cost, OptionalLong nanos) {
        ObjectNode json = JSON.objectNode()
                .put("parameters", cost.parameters())
                .put("macs", cost.macs())
                .put("bytes", cost.bytes());
        nanos.ifPresent(time -> json.put(NANOS, time));
        return json;
    }

    private static BigDecimal exact(double value) {
        return new BigDecimal(value).round(DIGITS);
    }

    /**
     * Reads a record.
     *
     * @throws InvalidInputException when the file cannot be read or is no record; the message names the place in the JSON
     */
    public static SearchRecord read(Path file) {
        JsonPlace root = JsonDocument.read(file, "search", "'espalier prune' with an accuracy as target makes one");
        JsonPlace.Fields fields = root.object();
        long version = fields.required("schemaVersion").integer(Long.MIN_VALUE);
        if (version != SearchRecord.SCHEMA_VERSION) {
            throw new InvalidInputException("The " + root.document() + " has schema version " + version
                    + ", but this program reads version " + SearchRecord.SCHEMA_VERSION + "; search again.");
        }
        JsonPlace.Fields model = fields.required("model").object();
        SearchRecord record = new SearchRecord(
                fields.required("tool").text(),
                new ModelReference(
                        model.required("file").text(), model.required("digest").nonEmptyText()),
                fields.required("key").nonEmptyText(),
                arguments(fields.required("arguments")),
                fields.required("goal").nonEmptyText(),
                fields.required("minimized").nonEmptyText(),
                fields.has(TABLE) ? Optional.of(table(fields.required(TABLE))) : Optional.empty(),
                fields.required("metric").text(),
                fields.required("examples").integer(1),
                measured(fields.required("original").object(), fields.has(TABLE)),
                fields.required("least").number(),
                fields.has("trials") ? trials(fields.required("trials"), fields.has(TABLE)) : List.of(),
                fields.has("stopped") ? Optional.of(stopped(fields.required("stopped"))) : Optional.empty());
        model.done();
        fields.skip("curve", "chosen");
        fields.done();
        return record;
    }

    private static Map<String, List<String>> arguments(JsonPlace place) {
        return place.map(values -> values.list(JsonPlace::text));
    }

    private static TableReference table(JsonPlace place) {
        JsonPlace.Fields fields = place.object();
        TableReference table = new TableReference(
                fields.required("file").nonEmptyText(),
                fields.required("digest").nonEmptyText());
        fields.done();
        return table;
    }

    private static List<Trial> trials(JsonPlace place, boolean isTimed) {
        List<Trial> trials = new ArrayList<>();
        place.list(each -> {
            JsonPlace.Fields fields = each.object();
            int budget = fields.required("budget").count(1);
            if (budget >= Trial.WHOLE) {
                throw each.wrong("a budget is a number of thousandths, below " + Trial.WHOLE);
            }
            return trials.add(
                    new Trial(budget, fields.has("value") ? Optional.of(measured(fields, isTimed)) : Optional.empty()));
        });
        return trials;
    }

    private static Trial.Point measured(JsonPlace.Fields fields, boolean isTimed) {
        Cost cost = new Cost(
                fields.required("parameters").integer(0),
                fields.required("macs").integer(0),
                fields.required("bytes").integer(0));
        return new Trial.Point(
                cost,
                isTimed ? OptionalLong.of(fields.required(NANOS).integer(1)) : OptionalLong.empty(),
                fields.required("value").number(),
                fields.has(LOSS_ERROR)
                        ? OptionalDouble.of(fields.required(LOSS_ERROR).number())
                        : OptionalDouble.empty());
    }

    private static Stop stopped(JsonPlace place) {
        for (Stop stop : Stop.values()) {
            if (stop.toString().equals(place.text())) {
                return stop;
            }
        }
        throw place.wrong("there is no such reason to stop");
    }
}
