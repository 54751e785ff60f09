package io.espalier.engine.plan;

import io.espalier.engine.json.JsonPlace;
import io.espalier.engine.plan.Plan.Atoms;
import io.espalier.engine.plan.Plan.Calibration;
import io.espalier.engine.plan.Plan.FrozenAxis;
import io.espalier.engine.plan.Plan.IgnoredGroup;
import io.espalier.engine.plan.Plan.InputValue;
import io.espalier.engine.plan.Plan.ModelReference;
import io.espalier.engine.plan.Plan.PlannedBlock;
import io.espalier.engine.plan.Plan.PlannedGroup;
import io.espalier.engine.plan.Plan.Reader;
import io.espalier.engine.plan.Plan.Recovery;
import io.espalier.engine.plan.Plan.Recovery.RecoveredConstant;
import io.espalier.engine.plan.Plan.ScoreSummary;
import io.espalier.engine.plan.Plan.ScoredLoss;
import io.espalier.engine.plan.Plan.Settings;
import io.espalier.engine.plan.Plan.Statistic;
import io.espalier.engine.score.Control;
import io.espalier.graph.cost.Cost;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.tensor.DataType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns JSON into a plan and says where it is not one. */
final class PlanReader {

    private PlanReader() {}

    static Plan plan(JsonPlace root) {
        JsonPlace.Fields fields = root.object();
        long version = fields.required("schemaVersion").integer(Long.MIN_VALUE);
        if (version != Plan.SCHEMA_VERSION) {
            throw new InvalidInputException("The " + root.document() + " has schema version " + version
                    + ", but this program reads version " + Plan.SCHEMA_VERSION
                    + "; make the plan again, or use the program that made it.");
        }
        String tool = fields.required("tool").text();
        JsonPlace.Fields model = fields.required("model").object();
        ModelReference reference = new ModelReference(model.required("file").text(), digest(model.required("digest")));
        model.done();
        Settings settings = settings(fields.required("settings"));
        JsonPlace.Fields costs = fields.required("costs").object();
        Cost original = cost(costs.required("original"));
        Cost predicted = cost(costs.required("predicted"));
        costs.done();
        Plan plan = new Plan(
                tool,
                reference,
                settings,
                original,
                predicted,
                fields.has("blocks") ? fields.required("blocks").list(PlanReader::block) : List.of(),
                fields.required("groups").list(PlanReader::group),
                fields.required("ignored").list(PlanReader::ignored),
                fields.required("frozen").list(PlanReader::frozen),
                fields.required("statistics").list(PlanReader::statistic),
                fields.has("recovery") ? Optional.of(recovery(fields.required("recovery"))) : Optional.empty());
        fields.done();
        return plan;
    }

    private static String digest(JsonPlace place) {
        String digest = place.text();
        if (!digest.matches("[0-9a-f]{64}")) {
            throw place.wrong("expected a SHA-256 in lower-case hexadecimal");
        }
        return digest;
    }

    private static Settings settings(JsonPlace place) {
        JsonPlace.Fields fields = place.object();
        Settings settings = new Settings(
                fields.required("criterion").nonEmptyText(),
                fields.required("criterionOptions").map(JsonPlace::text),
                fields.required("aggregate").nonEmptyText(),
                fields.required("normalise").nonEmptyText(),
                fields.required("allocator").nonEmptyText(),
                fields.has("allocatorOptions")
                        ? fields.required("allocatorOptions").map(JsonPlace::text)
                        : Map.of(),
                fields.has("control") ? control(fields.required("control")) : Control.NONE.toString(),
                fields.required("target").nonEmptyText(),
                fields.has("steps") ? fields.required("steps").count(2) : 1,
                fields.has("depth") ? fields.required("depth").count(1) : 0,
                fields.required("minKeep").number(),
                fields.required("roundTo").count(1),
                fields.required("heads").nonEmptyText(),
                fields.required("ignore").list(JsonPlace::text),
                fields.required("only").list(JsonPlace::text),
                fields.required("seed").integer(Long.MIN_VALUE),
                fields.required("symbols").map(each -> each.integer(1)),
                fields.has("inputs") ? fields.required("inputs").map(PlanReader::input) : Map.of(),
                fields.has("calibration") ? Optional.of(calibration(fields.required("calibration"))) : Optional.empty(),
                fields.has("loss") ? Optional.of(loss(fields.required("loss"))) : Optional.empty(),
                fields.has("recipe") ? Optional.of(fields.required("recipe").nonEmptyText()) : Optional.empty(),
                fields.has("latencyTable") ? Optional.of(digest(fields.required("latencyTable"))) : Optional.empty());
        fields.done();
        return settings;
    }

    private static String control(JsonPlace place) {
        String name = place.nonEmptyText();
        if (!Control.names().contains(name)) {
            throw place.wrong("expected one of " + Control.names());
        }
        return name;
    }

    private static InputValue input(JsonPlace place) {
        JsonPlace.Fields fields = place.object();
        JsonPlace named = fields.required("type");
        DataType type = Arrays.stream(DataType.values())
                .filter(each -> each.name().equals(named.node().textValue()))
                .findFirst()
                .orElseThrow(() -> named.wrong("expected one of " + Arrays.toString(DataType.values())));
        List<Long> shape = fields.required("shape").list(each -> each.integer(1));
        JsonPlace listed = fields.required("elements");
        List<Double> elements = listed.list(JsonPlace::number);
        fields.done();
        double count = shape.stream().mapToDouble(Long::doubleValue).reduce(1, (all, extent) -> all * extent);
        if (count != elements.size()) {
            throw listed.wrong("there are " + elements.size() + " elements for the shape " + shape);
        }
        return new InputValue(type, shape, elements);
    }

    private static Calibration calibration(JsonPlace place) {
        JsonPlace.Fields fields = place.object();
        Calibration calibration = new Calibration(
                fields.required("evidence").list(JsonPlace::nonEmptyText),
                fields.required("examples").integer(1),
                digest(fields.required("digest")));
        fields.done();
        return calibration;
    }

    private static ScoredLoss loss(JsonPlace place) {
        JsonPlace.Fields fields = place.object();
        ScoredLoss loss = new ScoredLoss(
                fields.required("name").nonEmptyText(),
                fields.required("options").map(JsonPlace::text));
        fields.done();
        return loss;
    }

    private static Cost cost(JsonPlace place) {
        JsonPlace.Fields fields = place.object();
        Cost cost = new Cost(
                fields.required("parameters").integer(0),
                fields.required("macs").integer(0),
                fields.required("bytes").integer(0));
        fields.done();
        return cost;
    }

    private static PlannedBlock block(JsonPlace place) {
        JsonPlace.Fields fields = place.object();
        String sum = fields.required("sum").nonEmptyText();
        PlannedBlock block = new PlannedBlock(
                sum,
                fields.required("slot").count(0),
                fields.required("branch").nonEmptyText(),
                fields.required("score").number(),
                fields.required("parameters").integer(0),
                fields.required("macs").integer(0));
        fields.skip("layers");
        fields.done();
        return block;
    }

    private static PlannedGroup group(JsonPlace place) {
        JsonPlace.Fields fields = place.object();
        int id = fields.required("id").count(0);
        String name = fields.required("name").text();
        int kept = fields.required("kept").count(1);
        int total = fields.required("total").count(1);
        JsonPlace.Fields scores = fields.required("scores").object();
        ScoreSummary summary = new ScoreSummary(
                scores.required("minimum").number(),
                scores.required("mean").number(),
                scores.required("maximum").number());
        scores.done();
        List<Atoms> atoms = fields.required("atoms").list(PlanReader::atoms);
        fields.skip("layer", "channelsPerUnit");
        fields.done();
        if (kept > total) {
            throw place.wrong("more channels are kept than there are: " + kept + " of " + total);
        }
        if (atoms.isEmpty() != (kept == total)) {
            throw place.wrong(
                    atoms.isEmpty() ? "channels go but no atoms are named" : "atoms go but all channels are kept");
        }
        return new PlannedGroup(id, name, kept, total, summary, atoms);
    }

    private static Atoms atoms(JsonPlace place) {
        JsonPlace.Fields fields = place.object();
        String parameter = fields.required("parameter").nonEmptyText();
        Optional<Reader> reader = fields.has("node") || fields.has("slot")
                ? Optional.of(new Reader(
                        fields.required("node").nonEmptyText(),
                        fields.required("slot").count(0)))
                : Optional.empty();
        int field = fields.required("field").count(0);
        int axis = fields.required("axis").count(0);
        List<Integer> extents = fields.required("extents").list(each -> each.count(1));
        JsonPlace positions = fields.required("positions");
        fields.skip("shown");
        fields.done();
        long size = 1;
        for (int extent : extents) {
            size = Math.min(size * extent, Integer.MAX_VALUE);
        }
        return new Atoms(parameter, reader, field, axis, extents, positions(positions, (int) size));
    }

    private static List<Integer> positions(JsonPlace place, int limit) {
        String text = place.text();
        try {
            return Ranges.parse(text, limit);
        } catch (IllegalArgumentException e) {
            throw place.wrong(e.getMessage());
        }
    }

    private static IgnoredGroup ignored(JsonPlace place) {
        JsonPlace.Fields fields = place.object();
        IgnoredGroup group = new IgnoredGroup(
                fields.required("name").text(),
                fields.required("channels").count(0),
                fields.required("reason").text());
        fields.skip("layer");
        fields.done();
        return group;
    }

    private static FrozenAxis frozen(JsonPlace place) {
        JsonPlace.Fields fields = place.object();
        FrozenAxis frozen = new FrozenAxis(
                fields.required("operator").text(),
                fields.required("node").text(),
                fields.required("value").text(),
                fields.required("axis").count(-1),
                fields.required("reason").text(),
                fields.required("classes").count(0));
        fields.skip("layer", "shown");
        fields.done();
        return frozen;
    }

    private static Recovery recovery(JsonPlace place) {
        JsonPlace.Fields fields = place.object();
        Recovery recovery = new Recovery(
                fields.required("compensator").nonEmptyText(),
                fields.required("constants").list(PlanReader::recovered),
                fields.has("graph") ? Optional.of(digest(fields.required("graph"))) : Optional.empty(),
                fields.has("calibration") && synthetic(fields.required("calibration")),
                fields.has("training") ? Optional.of(training(fields.required("training"))) : Optional.empty());
        fields.done();
        return recovery;
    }

    private static Recovery.Training training(JsonPlace place) {
        JsonPlace.Fields fields = place.object();
        Recovery.Training training = new Recovery.Training(
                fields.required("loss").nonEmptyText(),
                fields.required("optimizer").nonEmptyText(),
                fields.required("epochs").count(1),
                fields.required("examples").integer(1),
                fields.has("teacher") ? Optional.of(fields.required("teacher").nonEmptyText()) : Optional.empty());
        fields.done();
        return training;
    }

    private static boolean synthetic(JsonPlace place) {
        if (!place.text().equals("synthetic")) {
            throw place.wrong("expected synthetic");
        }
        return true;
    }

    private static RecoveredConstant recovered(JsonPlace place) {
        JsonPlace.Fields fields = place.object();
        RecoveredConstant constant =
                new RecoveredConstant(fields.required("name").nonEmptyText(), digest(fields.required("digest")));
        fields.done();
        return constant;
    }

    private static Statistic statistic(JsonPlace place) {
        JsonPlace.Fields fields = place.object();
        Statistic statistic = new Statistic(
                fields.required("operator").text(),
                fields.required("node").text(),
                fields.required("value").text(),
                fields.required("axis").count(-1));
        fields.skip("layer", "shown");
        fields.done();
        return statistic;
    }
}
