package io.espalier.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.engine.coupling.channel.Blocked;
import io.espalier.engine.coupling.channel.Group;
import io.espalier.engine.coupling.label.Barrier;
import io.espalier.engine.coupling.label.LabelledAxis;
import io.espalier.engine.coupling.label.StatisticCoupling;

/** An inspection as JSON. */
final class InspectJson {

    private InspectJson() {}

    static ObjectNode of(Inspection inspection) {
        ObjectNode json = Json.document("inspect");
        json.put("digest", inspection.model().digest());
        json.put("operators", inspection.model().graph().nodes().size());
        json.put("parameters", inspection.costs().total().parameters());
        json.put("macs", inspection.costs().total().macs());
        json.put("bytes", inspection.model().byteSize());
        ObjectNode extents = json.putObject("extents");
        inspection.costs().symbols().forEach(extents::put);
        json.put("channels", inspection.prunableChannels());
        ArrayNode groups = json.putArray("groups");
        inspection.groups().forEach(group -> groups.add(group(inspection, group)));
        ArrayNode barriers = json.putArray("barriers");
        Blocked.in(inspection.coupling()).forEach(blocked -> barriers.add(barrier(blocked)));
        ArrayNode statistics = json.putArray("statistics");
        inspection.coupling().statistics().forEach(statistic -> statistics.add(statistic(statistic)));
        inspection.shapes().problems().forEach(json.putArray("problems")::add);
        return json;
    }

    private static ObjectNode group(Inspection inspection, Group group) {
        ObjectNode json = Json.object();
        json.put("id", group.id());
        json.put("name", group.name());
        json.put("channels", group.channels().size());
        json.put("parametersPerChannel", inspection.parametersPerChannel(group));
        ArrayNode labelledAxes = json.putArray("homes");
        for (LabelledAxis home : group.labelledAxes()) {
            ObjectNode one = labelledAxes.addObject();
            one.put("parameter", home.use().constant());
            one.put("axis", home.axis());
            one.put("role", Json.word(home.role()));
        }
        return json;
    }

    static ObjectNode barrier(Blocked blocked) {
        ObjectNode json = Json.object();
        json.put("atoms", blocked.classes());
        return json.setAll(barrier(blocked.barrier()));
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

    private static ObjectNode statistic(StatisticCoupling statistic) {
        ObjectNode json = Json.object();
        json.put("operator", statistic.operator());
        json.put("node", statistic.node());
        json.put("value", statistic.value());
        json.put("axis", statistic.axis());
        return json;
    }
}
