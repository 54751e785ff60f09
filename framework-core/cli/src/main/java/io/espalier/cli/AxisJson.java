package io.espalier.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.api.AxisExplanation;
import io.espalier.api.AxisExplanation.Blocker;
import io.espalier.api.AxisExplanation.Member;
import io.espalier.api.AxisExplanation.Part;
import io.espalier.api.AxisExplanation.Step;
import java.util.List;

/** An explained axis as JSON. */
final class AxisJson {

    private AxisJson() {}

    static ObjectNode of(List<AxisExplanation> explanations) {
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
            explanation.parts().forEach(part -> parts.add(part(part)));
        }
        return json;
    }

    private static ObjectNode part(Part part) {
        ObjectNode json = Json.object();
        ArrayNode positions = json.putArray("positions");
        Stretch.of(part.positions())
                .forEach(stretch ->
                        positions.addObject().put("first", stretch.first()).put("last", stretch.last()));
        part.removable().ifPresent(removable -> {
            json.put("group", removable.group());
            json.put("channels", removable.channels());
            json.put("parameters", removable.saved().parameters());
            json.put("macs", removable.saved().macs());
        });
        ArrayNode members = json.putArray("members");
        part.members().forEach(member -> members.add(member(member)));
        ArrayNode barriers = json.putArray("barriers");
        part.blockers().forEach(blocker -> barriers.add(blocker(blocker)));
        json.put("reason", part.reason());
        return json;
    }

    private static ObjectNode member(Member member) {
        ObjectNode json = Json.object();
        json.put("parameter", member.axis().parameter());
        json.put("axis", member.axis().axis());
        json.put("role", Json.word(member.axis().role()));
        json.put("positions", member.positions());
        json.put("equalWidthsOf", member.equalWidthsOf());
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
