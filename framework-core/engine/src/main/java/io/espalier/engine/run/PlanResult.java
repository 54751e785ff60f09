package io.espalier.engine.run;

import io.espalier.engine.plan.Plan;
import io.espalier.events.EventLoss;
import java.util.List;

/**
 * What a dry run has to say.
 *
 * @param plan the decision
 * @param digest SHA-256 of the plan file
 * @param names how its groups are shown to people
 * @param notes sentences for people about what was decided
 * @param losses events that did not arrive
 */
public record PlanResult(Plan plan, String digest, PlanNames names, List<String> notes, List<EventLoss> losses) {
    public PlanResult {
        notes = List.copyOf(notes);
        losses = List.copyOf(losses);
    }
}
