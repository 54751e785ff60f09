package io.espalier.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.api.GroupLayer;
import io.espalier.api.PlanLayers;
import io.espalier.api.PlanResult;
import java.util.List;

/** A plan as JSON, with what people call the layers that it names by parameters and values. */
final class PlanJson {

    /** What is for people, and not for who carries the plan out. */
    private static final List<String> NAMES = List.of("node", "value", "reason");

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
            ObjectNode operator = (ObjectNode) each;
            String node = each.get("node").textValue();
            operator.put("layer", layers.nodes().getOrDefault(node, node));
            for (String field : NAMES) {
                if (each.has(field)) {
                    operator.put(field, layers.inFile(each.get(field).textValue()));
                }
            }
        }
    }
}
