package io.espalier.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.api.GroupLayer;
import io.espalier.api.PlanLayers;
import io.espalier.api.PlanResult;
import java.util.List;

/** A plan as JSON, with what people call the layers that it names by parameters and values. */
final class PlanJson {

    /** Fields that name values, or do so in a sentence. */
    private static final List<String> NAMES = List.of("parameter", "node", "value", "reason");

    private PlanJson() {}

    static ObjectNode of(PlanResult result) {
        PlanLayers layers = result.layers();
        ObjectNode plan = Json.parseExactly(result.plan().json());
        for (int i = 0; i < layers.blocks().size(); i++) {
            ArrayNode named = ((ObjectNode) plan.get("blocks").get(i)).putArray("layers");
            layers.blocks().get(i).forEach(named::add);
        }
        for (JsonNode each : plan.get("groups")) {
            GroupLayer layer = layers.groups().get(each.get("id").intValue());
            ((ObjectNode) each).put("layer", layer.name()).put("channelsPerUnit", layer.channelsPerUnit());
            each.get("atoms").forEach(atoms -> show((ObjectNode) atoms, layers));
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
            show(operator, layers);
        }
    }

    /** Adds the names of the file: who carries the plan out finds everything by the names of the neutral graph. */
    private static void show(ObjectNode named, PlanLayers layers) {
        ObjectNode shown = Json.object();
        for (String field : NAMES) {
            if (named.has(field)) {
                shown.put(field, layers.inFile(named.get(field).textValue()));
            }
        }
        named.set("shown", shown);
    }
}
