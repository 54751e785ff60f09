package io.espalier.engine.run;

import io.espalier.engine.allocate.Allocation;
import io.espalier.engine.coupling.Removal;
import io.espalier.engine.plan.Plan;
import io.espalier.engine.plan.PlanFile;

/**
 * What goes.
 *
 * @param plan the decision as a file
 * @param digest SHA-256 of that file
 * @param removal the decision as classes
 */
record Decided(Plan plan, String digest, Removal removal) {

    static Decided of(Plan plan, Removal removal) {
        return new Decided(plan, PlanFile.digest(plan), removal);
    }

    static Decided of(Plan plan, Allocation allocation) {
        return of(plan, allocation.removal());
    }
}
