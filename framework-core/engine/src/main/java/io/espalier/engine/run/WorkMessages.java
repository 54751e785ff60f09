package io.espalier.engine.run;

import io.espalier.events.v1.Work;
import io.espalier.events.v1.WorkStarted;

/** Payloads that say what a run turns to. */
public final class WorkMessages {

    /** Without a schedule a run is one step. */
    static final int ONLY_STEP = 1;

    private WorkMessages() {}

    /** Work that is done once in a run. */
    public static WorkStarted once(Work work) {
        return WorkStarted.newBuilder().setWork(work).build();
    }

    /** Work of the only step. */
    static WorkStarted inStep(Work work) {
        return inStep(work, ONLY_STEP);
    }

    /** Work of a step, from 1. */
    static WorkStarted inStep(Work work, int step) {
        return once(work).toBuilder().setStep(step).build();
    }
}
