package io.espalier.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.kafka.Delivery;

/** How far events came, as JSON. */
final class DeliveryJson {

    private DeliveryJson() {}

    static ObjectNode json(Delivery delivery) {
        ObjectNode json = Json.object()
                .put("journal", delivery.journal().toString())
                .put("written", delivery.written())
                .put("delivered", delivery.delivered())
                .put("refused", delivery.refused())
                .put("passedOver", delivery.passedOver())
                .put("pending", delivery.pending());
        if (delivery.pending() > 0) {
            delivery.trouble().ifPresent(trouble -> json.put("trouble", trouble));
        }
        delivery.note().ifPresent(note -> json.put("note", note));
        return json;
    }
}
