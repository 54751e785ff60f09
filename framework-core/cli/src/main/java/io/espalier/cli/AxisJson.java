package io.espalier.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.engine.coupling.explain.AxisExplanation;
import io.espalier.engine.coupling.explain.AxisExplanation.Blocker;
import io.espalier.engine.coupling.explain.AxisExplanation.Member;
import io.espalier.engine.coupling.explain.AxisExplanation.Part;
import io.espalier.engine.coupling.explain.AxisExplanation.Step;
import io.espalier.graph.cost.Cost;
import java.util.List;
import java.util.function.Function;

/** An explained axis as JSON. */
final class AxisJson {

    private AxisJson() {}

    /**
     * The document.
     *
     * @param saved what goes with the channel of a part
     */
    static ObjectNode of(List<AxisExplanation> explanations, Function<Part, Cost> saved) {
        ObjectNode json = Json.document("axis");
        ArrayNode axes = json.putArray("axes");
        for (AxisExplanation explanation : explanations) {
            ObjectNode one = axes.addObject();
            one.put("value", explanation.name());
            one.put("reader", explanation.reader());
            one.put("axis", explanation.axis());
            one.put("extent", explanation.extent());
            one.put("reason", explanation.inert().orElse(""));
            ArrayNode parts = one.putArray("parts");
            explanation.parts().forEach(part -> parts.add(part(part, saved)));
        }
        return json;
    }

    private static ObjectNode part(Part part, Function<Part, Cost> saved) {
        ObjectNode json = Json.object();
        ArrayNode positions = json.putArray("positions");
        Stretch.of(part.positions())
                .forEach(stretch ->
                        positions.addObject().put("first", stretch.first()).put("last", stretch.last()));
        part.group().ifPresent(group -> {
            Cost cost = saved.apply(part);
            json.put("group", group.id());
            json.put("channels", group.channels().size());
            json.put("parameters", cost.parameters());
            json.put("macs", cost.macs());
        });
        ArrayNode members = json.putArray("members");
        part.members().forEach(member -> members.add(member(member)));
        ArrayNode barriers = json.putArray("barriers");
        part.barriers().forEach(blocker -> barriers.add(blocker(blocker)));
        json.put("reason", part.reason());
        return json;
    }

    private static ObjectNode member(Member member) {
        ObjectNode json = Json.object();
        json.put("parameter", member.labelledAxis().use().constant());
        json.put("axis", member.labelledAxis().axis());
        json.put("role", Json.word(member.labelledAxis().role()));
        json.put("positions", member.positions());
        json.put("balances", member.evenWidth());
        json.set("path", path(member.path()));
        return json;
    }

    private static ObjectNode blocker(Blocker blocker) {
        ObjectNode json = InspectJson.barrier(blocker.barrier());
        json.set("path", path(blocker.path()));
        return json;
    }

    private static ArrayNode path(List<Step> path) {
        ArrayNode json = Json.object().putArray("path");
        for (Step step : path) {
            json.addObject().put("operator", step.operator()).put("node", step.node());
        }
        return json;
    }
}
