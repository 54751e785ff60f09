package io.espalier.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Curves as the page takes them. */
final class CurveJson {

    private CurveJson() {}

    static ObjectNode of(TradeOffCurve curve) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("name", curve.name())
                .put("metric", curve.metric())
                .put("peer", curve.isPeer());
        ArrayNode points = json.putArray("points");
        curve.points()
                .forEach(each -> points.addObject()
                        .put("name", each.name())
                        .put("macs", each.macs())
                        .put("parameters", each.parameters())
                        .put("quality", each.quality()));
        return json;
    }
}
