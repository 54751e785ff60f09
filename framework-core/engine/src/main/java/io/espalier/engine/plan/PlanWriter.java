package io.espalier.engine.plan;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.engine.plan.Plan.Atoms;
import io.espalier.engine.plan.Plan.PlannedBlock;
import io.espalier.engine.plan.Plan.PlannedGroup;
import io.espalier.engine.plan.Plan.Recovery;
import io.espalier.engine.plan.Plan.Settings;
import io.espalier.engine.score.Control;
import io.espalier.graph.cost.Cost;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.function.Function;

/** Turns a plan into JSON, fields in a fixed order. */
final class PlanWriter {

    /** Enough for people, and the same on every Java version, which the shortest form of a double is not. */
    private static final MathContext DIGITS = new MathContext(12);

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private PlanWriter() {}

    static ObjectNode json(Plan plan) {
        ObjectNode json = JSON.objectNode();
        json.put("schemaVersion", Plan.SCHEMA_VERSION);
        json.put("tool", plan.tool());
        json.putObject("model")
                .put("file", plan.model().file())
                .put("digest", plan.model().digest());
        json.set("settings", settings(plan.settings()));
        ObjectNode costs = json.putObject("costs");
        costs.set("original", cost(plan.original()));
        costs.set("predicted", cost(plan.predicted()));
        if (!plan.blocks().isEmpty()) {
            json.set("blocks", list(plan.blocks(), PlanWriter::block));
        }
        json.set("groups", list(plan.groups(), PlanWriter::group));
        json.set(
                "ignored",
                list(
                        plan.ignored(),
                        each -> JSON.objectNode()
                                .put("name", each.name())
                                .put("channels", each.channels())
                                .put("reason", each.reason())));
        json.set(
                "frozen",
                list(
                        plan.frozen(),
                        each -> JSON.objectNode()
                                .put("operator", each.operator())
                                .put("node", each.node())
                                .put("value", each.value())
                                .put("axis", each.axis())
                                .put("reason", each.reason())
                                .put("classes", each.classes())));
        json.set(
                "statistics",
                list(
                        plan.statistics(),
                        each -> JSON.objectNode()
                                .put("operator", each.operator())
                                .put("node", each.node())
                                .put("value", each.value())
                                .put("axis", each.axis())));
        plan.recovery().ifPresent(recovery -> json.set("recovery", recovery(recovery)));
        return json;
    }

    private static ObjectNode recovery(Recovery recovery) {
        ObjectNode json = JSON.objectNode().put("compensator", recovery.compensator());
        json.set(
                "constants",
                list(
                        recovery.constants(),
                        each -> JSON.objectNode().put("name", each.name()).put("digest", each.digest())));
        recovery.graph().ifPresent(graph -> json.put("graph", graph));
        if (recovery.synthetic()) {
            json.put("calibration", "synthetic");
        }
        recovery.training().ifPresent(training -> json.set("training", training(training)));
        return json;
    }

    private static ObjectNode training(Recovery.Training training) {
        ObjectNode json = JSON.objectNode()
                .put("loss", training.loss())
                .put("optimizer", training.optimizer())
                .put("epochs", training.epochs())
                .put("examples", training.examples());
        training.teacher().ifPresent(teacher -> json.put("teacher", teacher));
        return json;
    }

    private static ObjectNode settings(Settings settings) {
        ObjectNode json = JSON.objectNode().put("criterion", settings.criterion());
        ObjectNode options = json.putObject("criterionOptions");
        settings.criterionOptions().forEach(options::put);
        json.put("aggregate", settings.aggregate());
        json.put("normalise", settings.normalise());
        json.put("allocator", settings.allocator());
        if (!settings.allocatorOptions().isEmpty()) {
            ObjectNode allocatorOptions = json.putObject("allocatorOptions");
            settings.allocatorOptions().forEach(allocatorOptions::put);
        }
        if (!settings.control().equals(Control.NONE.toString())) {
            json.put("control", settings.control());
        }
        json.put("target", settings.target());
        if (settings.steps() > 1) {
            json.put("steps", settings.steps());
        }
        if (settings.depth() > 0) {
            json.put("depth", settings.depth());
        }
        json.set("minKeep", number(settings.minKeep()));
        json.put("roundTo", settings.roundTo());
        json.put("heads", settings.heads());
        settings.ignore().forEach(json.putArray("ignore")::add);
        settings.only().forEach(json.putArray("only")::add);
        json.put("seed", settings.seed());
        ObjectNode symbols = json.putObject("symbols");
        settings.symbols().forEach(symbols::put);
        if (!settings.inputs().isEmpty()) {
            json.set("inputs", inputs(settings));
        }
        settings.calibration().ifPresent(calibration -> {
            ObjectNode data = json.putObject("calibration");
            calibration.evidence().forEach(data.putArray("evidence")::add);
            data.put("examples", calibration.examples()).put("digest", calibration.digest());
        });
        settings.loss().ifPresent(loss -> {
            ObjectNode named = json.putObject("loss").put("name", loss.name());
            loss.options().forEach(named.putObject("options")::put);
        });
        settings.recipe().ifPresent(recipe -> json.put("recipe", recipe));
        settings.latencyTable().ifPresent(digest -> json.put("latencyTable", digest));
        return json;
    }

    /** The values that were given to inputs, by name. */
    static ObjectNode inputs(Settings settings) {
        ObjectNode json = JSON.objectNode();
        settings.inputs().forEach((name, value) -> {
            ObjectNode each = json.putObject(name).put("type", value.type().name());
            value.shape().forEach(each.putArray("shape")::add);
            ArrayNode elements = each.putArray("elements");
            value.elements().forEach(element -> elements.add(DecimalNode.valueOf(exact(element))));
        });
        return json;
    }

    private static BigDecimal exact(double value) {
        BigDecimal exact = new BigDecimal(value).stripTrailingZeros();
        return exact.scale() < 0 ? exact.setScale(0) : exact;
    }

    private static ObjectNode cost(Cost cost) {
        return JSON.objectNode()
                .put("parameters", cost.parameters())
                .put("macs", cost.macs())
                .put("bytes", cost.bytes());
    }

    private static ObjectNode block(PlannedBlock block) {
        ObjectNode json = JSON.objectNode()
                .put("sum", block.sum())
                .put("slot", block.slot())
                .put("branch", block.branch());
        json.set("score", number(block.score()));
        return json.put("parameters", block.parameters()).put("macs", block.macs());
    }

    private static ObjectNode group(PlannedGroup group) {
        ObjectNode json = JSON.objectNode()
                .put("id", group.id())
                .put("name", group.name())
                .put("kept", group.kept())
                .put("total", group.total());
        ObjectNode scores = json.putObject("scores");
        scores.set("minimum", number(group.scores().minimum()));
        scores.set("mean", number(group.scores().mean()));
        scores.set("maximum", number(group.scores().maximum()));
        json.set("atoms", list(group.atoms(), PlanWriter::atoms));
        return json;
    }

    private static ObjectNode atoms(Atoms atoms) {
        ObjectNode json = JSON.objectNode().put("parameter", atoms.parameter());
        atoms.reader().ifPresent(reader -> json.put("node", reader.node()).put("slot", reader.slot()));
        json.put("field", atoms.field()).put("axis", atoms.axis());
        atoms.extents().forEach(json.putArray("extents")::add);
        return json.put("positions", Ranges.format(atoms.positions()));
    }

    private static DecimalNode number(double value) {
        BigDecimal rounded = new BigDecimal(value).round(DIGITS).stripTrailingZeros();
        return DecimalNode.valueOf(
                rounded.scale() < 0 && rounded.precision() - rounded.scale() <= 12 ? rounded.setScale(0) : rounded);
    }

    private static <T> ArrayNode list(List<T> elements, Function<T, ObjectNode> json) {
        ArrayNode array = JSON.arrayNode();
        elements.forEach(element -> array.add(json.apply(element)));
        return array;
    }
}
