package io.espalier.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.api.GroupLayer;
import io.espalier.api.PlanLayers;
import io.espalier.api.PlanResult;

/** A plan as JSON, with what people call the layers that it names by parameters and values. */
final class PlanJson {

    private PlanJson() {}

    static ObjectNode of(PlanResult result) {
        PlanLayers layers = result.layers();
        ObjectNode plan = Json.parseExactly(result.plan().json());
        for (JsonNode each : plan.get("groups")) {
            GroupLayer layer = layers.groups().get(each.get("id").intValue());
            ((ObjectNode) each).put("layer", layer.name()).put("channelsPerUnit", layer.channelsPerUnit());
        }
        for (int i = 0; i < layers.ignored().size(); i++) {
            ((ObjectNode) plan.get("ignored").get(i))
                    .put("layer", layers.ignored().get(i));
        }
        name(plan.get("frozen"), layers);
        name(plan.get("statistics"), layers);
        return plan;
    }

    private static void name(JsonNode operators, PlanLayers layers) {
        for (JsonNode each : operators) {
            String node = each.get("node").textValue();
            ((ObjectNode) each).put("layer", layers.nodes().getOrDefault(node, node));
        }
    }
}
