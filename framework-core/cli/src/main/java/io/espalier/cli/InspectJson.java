package io.espalier.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.api.Barrier;
import io.espalier.api.CoupledAxis;
import io.espalier.api.Frozen;
import io.espalier.api.Inspection;
import io.espalier.api.Inspection.Given;
import io.espalier.api.Inspection.Group;
import io.espalier.api.Statistic;

/** An inspection as JSON. */
final class InspectJson {

    private InspectJson() {}

    static ObjectNode of(Inspection inspection) {
        ObjectNode json = Json.document("inspect");
        json.put("digest", inspection.digest());
        json.put("operators", inspection.operators());
        json.put("parameters", inspection.cost().parameters());
        json.put("macs", inspection.cost().macs());
        json.put("bytes", inspection.cost().bytes());
        ObjectNode extents = json.putObject("extents");
        inspection.extents().forEach(extents::put);
        ObjectNode inputs = json.putObject("inputs");
        inspection.given().forEach(given -> inputs.set(given.input(), given(given)));
        json.put("channels", inspection.prunableChannels());
        ArrayNode groups = json.putArray("groups");
        inspection.groups().forEach(group -> groups.add(group(group)));
        ArrayNode blocks = json.putArray("blocks");
        for (Inspection.Block each : inspection.blocks()) {
            ObjectNode block = blocks.addObject().put("sum", each.sum());
            each.layers().forEach(block.putArray("layers")::add);
            block.put("parameters", each.parameters()).put("macs", each.macs());
        }
        ArrayNode barriers = json.putArray("barriers");
        inspection.frozen().forEach(frozen -> barriers.add(barrier(frozen)));
        ArrayNode statistics = json.putArray("statistics");
        inspection.statistics().forEach(statistic -> statistics.add(statistic(statistic)));
        inspection.problems().forEach(json.putArray("problems")::add);
        return json;
    }

    private static ObjectNode given(Given given) {
        ObjectNode json = Json.object();
        json.put("type", given.type());
        given.shape().forEach(json.putArray("shape")::add);
        given.elements().forEach(json.putArray("elements")::add);
        return json;
    }

    private static ObjectNode group(Group group) {
        ObjectNode json = Json.object();
        json.put("id", group.id());
        json.put("name", group.name());
        json.put("layer", group.layer().name());
        json.put("channels", group.channels());
        json.put("channelsPerUnit", group.layer().channelsPerUnit());
        json.put("parametersPerChannel", group.parametersPerChannel());
        ArrayNode axes = json.putArray("homes");
        for (CoupledAxis home : group.axes()) {
            ObjectNode one = axes.addObject();
            one.put("parameter", home.parameter());
            one.put("axis", home.axis());
            one.put("role", Json.word(home.role()));
        }
        return json;
    }

    private static ObjectNode barrier(Frozen frozen) {
        ObjectNode json = Json.object();
        json.put("atoms", frozen.count());
        json.setAll(barrier(frozen.barrier()));
        return json.put("layer", frozen.layer());
    }

    static ObjectNode barrier(Barrier barrier) {
        ObjectNode json = Json.object();
        json.put("operator", barrier.operator());
        json.put("node", barrier.node());
        json.put("value", barrier.value());
        json.put("axis", barrier.axis());
        json.put("reason", barrier.reason());
        return json;
    }

    private static ObjectNode statistic(Statistic statistic) {
        ObjectNode json = Json.object();
        json.put("operator", statistic.operator());
        json.put("node", statistic.node());
        json.put("value", statistic.value());
        json.put("axis", statistic.axis());
        json.put("layer", statistic.layer());
        return json;
    }
}
