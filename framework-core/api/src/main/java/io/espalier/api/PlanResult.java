package io.espalier.api;

import io.espalier.events.EventLoss;
import io.espalier.spi.Stability;
import java.util.List;

/**
 * A plan that was made.
 *
 * @param plan what would be removed
 * @param layers what people call what the plan names
 * @param notes sentences for people about what was decided
 * @param lostEvents events that did not reach a handler
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public record PlanResult(Plan plan, PlanLayers layers, List<String> notes, List<EventLoss> lostEvents) {

    public PlanResult {
        notes = List.copyOf(notes);
        lostEvents = List.copyOf(lostEvents);
    }

    static PlanResult of(io.espalier.engine.run.PlanResult result) {
        return new PlanResult(new Plan(result.plan()), PlanLayers.of(result.names()), result.notes(), result.losses());
    }
}
