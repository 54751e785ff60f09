package io.espalier.engine.run;

import io.espalier.engine.plan.Plan;
import io.espalier.events.EventLoss;
import java.util.List;

/**
 * What a dry run has to say.
 *
 * @param plan the decision
 * @param digest SHA-256 of the plan file
 * @param losses events that did not arrive
 */
public record PlanResult(Plan plan, String digest, List<EventLoss> losses) {
    public PlanResult {
        losses = List.copyOf(losses);
    }
}
