package io.espalier.engine.run;

import io.espalier.engine.allocate.Allocation;
import io.espalier.engine.allocate.Allocation.Selection;
import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.plan.Plan;
import io.espalier.engine.plan.PlanFile;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What goes.
 *
 * @param plan the decision as a file
 * @param digest SHA-256 of that file
 * @param removal the decision as classes
 * @param selections the decision with its scores, by group; empty when a plan is replayed
 * @param reached what is predicted to be left of what the target counts; 0 when a plan is replayed
 * @param names how its groups are shown
 * @param notes sentences for people about what was decided
 */
record Decided(
        Plan plan,
        String digest,
        Removal removal,
        Map<Integer, Selection> selections,
        long reached,
        PlanNames names,
        List<String> notes) {

    Decided {
        notes = List.copyOf(notes);
    }

    static Decided of(Plan plan, Removal removal, PlanNames names, List<String> notes) {
        return of(plan, removal, List.of(), 0, names, notes);
    }

    static Decided of(Plan plan, Allocation allocation, PlanNames names, List<String> notes) {
        return of(plan, allocation.removal(), allocation.selections(), allocation.reached(), names, notes);
    }

    /** The same, decided by a table of latencies with this digest. */
    Decided timedBy(String table) {
        Plan named = plan.timedBy(table);
        return new Decided(named, PlanFile.digest(named), removal, selections, reached, names, notes);
    }

    private static Decided of(
            Plan plan, Removal removal, List<Selection> selections, long reached, PlanNames names, List<String> notes) {
        Map<Integer, Selection> byGroup = new TreeMap<>();
        selections.forEach(selection -> byGroup.put(selection.scores().group().id(), selection));
        return new Decided(plan, PlanFile.digest(plan), removal, byGroup, reached, names, notes);
    }
}
