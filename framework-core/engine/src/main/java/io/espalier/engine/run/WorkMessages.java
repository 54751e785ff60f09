package io.espalier.engine.run;

import io.espalier.events.v1.Work;
import io.espalier.events.v1.WorkStarted;

/** Payloads that say what a run turns to. */
final class WorkMessages {

    /** A run of the command line is one step; programs that train make more. */
    private static final int ONLY_STEP = 1;

    private WorkMessages() {}

    /** Work that is done once in a run. */
    static WorkStarted once(Work work) {
        return WorkStarted.newBuilder().setWork(work).build();
    }

    /** Work of the step. */
    static WorkStarted inStep(Work work) {
        return once(work).toBuilder().setStep(ONLY_STEP).build();
    }
}
