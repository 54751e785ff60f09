package io.espalier.engine.latency;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.engine.json.JsonDocument;
import io.espalier.engine.json.JsonPlace;
import io.espalier.engine.latency.LatencyTable.Conditions;
import io.espalier.engine.latency.LatencyTable.Rest;
import io.espalier.engine.latency.LatencyTable.TimedMultiple;
import io.espalier.engine.latency.TimedGroups.TimedWidth;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.file.Sha256;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;

/** Tables of latencies as JSON, described by {@code docs/latency.schema.json}. Equal tables have equal bytes, and reading gives the numbers that were written. */
public final class LatencyFile {

    /** Enough for every double, and the same on every Java version, which the shortest form is not. */
    private static final MathContext DIGITS = new MathContext(17);

    private LatencyFile() {}

    /** The bytes of a table. */
    public static byte[] bytes(LatencyTable table) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("schemaVersion", LatencyTable.SCHEMA_VERSION);
        json.put("tool", table.tool());
        json.putObject("model").put("file", table.file()).put("digest", table.model());
        Conditions conditions = table.conditions();
        ObjectNode measured = json.putObject("conditions")
                .put("runtime", conditions.runtime())
                .put("processor", conditions.processor())
                .put("cores", conditions.cores())
                .put("threads", conditions.threads());
        ObjectNode inputs = measured.putObject("inputs");
        conditions.inputs().forEach((name, shape) -> shape.forEach(inputs.putArray(name)::add));
        json.put("nanos", table.nanos());
        if (!table.rest().equals(Rest.WHOLE)) {
            ObjectNode rest = json.putObject("rest");
            table.rest().blocks().forEach(rest.putArray("blocks")::add);
            rest.put("share", exact(table.rest().share()));
        }
        ArrayNode multiples = json.putArray("multiples");
        table.multiples()
                .forEach(each -> multiples
                        .addObject()
                        .put("multiple", each.multiple())
                        .put("share", exact(each.share()))
                        .put("macs", exact(each.macs())));
        ArrayNode groups = json.putArray("groups");
        table.groups().forEach(each -> put(each, groups.addObject()));
        ObjectNode corrections = json.putObject("corrections");
        table.corrections().forEach((decision, value) -> corrections.put(decision, exact(value)));
        return JsonDocument.bytes(json);
    }

    /** SHA-256 of the bytes of a table. */
    public static String digest(LatencyTable table) {
        return Sha256.of(bytes(table));
    }

    private static void put(TimedGroups timed, ObjectNode json) {
        timed.groups().forEach(json.putArray("names")::add);
        json.put("channels", timed.channels()).put("part", exact(timed.part()));
        ArrayNode times = json.putArray("times");
        timed.times()
                .forEach(each -> times.addObject().put("width", each.width()).put("share", exact(each.share())));
    }

    private static BigDecimal exact(double value) {
        return new BigDecimal(value).round(DIGITS);
    }

    /**
     * Reads a table.
     *
     * @throws InvalidInputException when the file cannot be read or is no table; the message names the place in the JSON
     */
    public static LatencyTable read(Path file) {
        JsonPlace root = JsonDocument.read(
                file, "latency table", "a run with a latency as its target writes one beside its output");
        JsonPlace.Fields fields = root.object();
        long version = fields.required("schemaVersion").integer(Long.MIN_VALUE);
        if (version != LatencyTable.SCHEMA_VERSION) {
            throw new InvalidInputException("The " + root.document() + " has schema version " + version
                    + ", but this program reads version " + LatencyTable.SCHEMA_VERSION + "; measure again.");
        }
        JsonPlace.Fields model = fields.required("model").object();
        LatencyTable table = new LatencyTable(
                fields.required("tool").text(),
                model.required("file").text(),
                model.required("digest").nonEmptyText(),
                conditions(fields.required("conditions").object()),
                fields.required("nanos").integer(1),
                fields.has("rest") ? rest(fields.required("rest")) : Rest.WHOLE,
                fields.required("multiples").list(LatencyFile::multiple),
                fields.required("groups").list(LatencyFile::groups),
                fields.required("corrections").map(LatencyFile::positive));
        model.done();
        fields.done();
        return table;
    }

    private static Rest rest(JsonPlace place) {
        JsonPlace.Fields fields = place.object();
        Rest rest =
                new Rest(fields.required("blocks").list(JsonPlace::nonEmptyText), positive(fields.required("share")));
        fields.done();
        return rest;
    }

    private static Conditions conditions(JsonPlace.Fields fields) {
        Conditions conditions = new Conditions(
                fields.required("runtime").text(),
                fields.required("processor").text(),
                fields.required("cores").count(1),
                fields.required("threads").count(1),
                fields.required("inputs").map(shape -> shape.list(extent -> extent.integer(0))));
        fields.done();
        return conditions;
    }

    private static TimedMultiple multiple(JsonPlace place) {
        JsonPlace.Fields fields = place.object();
        TimedMultiple multiple = new TimedMultiple(
                fields.required("multiple").count(1),
                positive(fields.required("share")),
                fields.required("macs").number());
        fields.done();
        return multiple;
    }

    private static TimedGroups groups(JsonPlace place) {
        JsonPlace.Fields fields = place.object();
        int channels = fields.required("channels").count(1);
        int[] last = {channels};
        TimedGroups groups = new TimedGroups(
                fields.required("names").list(JsonPlace::text),
                channels,
                positive(fields.required("part")),
                fields.required("times").list(time -> {
                    TimedWidth read = time(time);
                    if (read.width() >= last[0]) {
                        throw time.wrong("widths fall, from below the number of channels");
                    }
                    last[0] = read.width();
                    return read;
                }));
        fields.done();
        return groups;
    }

    private static TimedWidth time(JsonPlace place) {
        JsonPlace.Fields fields = place.object();
        TimedWidth time = new TimedWidth(fields.required("width").count(1), positive(fields.required("share")));
        fields.done();
        return time;
    }

    private static double positive(JsonPlace place) {
        double value = place.number();
        if (!(value > 0)) {
            throw place.wrong("expected a number above 0");
        }
        return value;
    }
}
