package io.espalier.api;

import io.espalier.events.EventLoss;
import io.espalier.spi.Stability;
import java.util.List;

/**
 * A plan that was made.
 *
 * @param plan what would be removed
 * @param lostEvents events that did not reach a handler
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public record PlanResult(Plan plan, List<EventLoss> lostEvents) {

    public PlanResult {
        lostEvents = List.copyOf(lostEvents);
    }
}
