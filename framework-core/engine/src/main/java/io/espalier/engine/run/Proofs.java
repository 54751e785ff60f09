package io.espalier.engine.run;

import io.espalier.engine.verify.Verification;
import io.espalier.engine.verify.VerificationOptions;
import io.espalier.events.Events;

/** How cuts of a run are proved, and what becomes of a verdict. */
final class Proofs {

    private static final int REAL_INPUTS = 8;
    private static final int SEEDS = 3;

    private final PruningRequest request;
    private final Measurements measurements;
    private final Events events;

    Proofs(PruningRequest request, Measurements measurements, Events events) {
        this.request = request;
        this.measurements = measurements;
        this.events = events;
    }

    VerificationOptions options() {
        return new VerificationOptions(
                request.verification().seed(),
                SEEDS,
                request.costs().symbols(),
                measurements.realInputs(REAL_INPUTS),
                request.verification().memory(),
                request.threads(),
                request.input().budget());
    }

    /**
     * Tells a verdict.
     *
     * @throws VerificationFailedException when it is not good enough to go on
     */
    Verification accepted(Verification verification) {
        events.emit(OutcomeMessages.verified(verification));
        boolean accepted = verification.outcome() == Verification.Outcome.PROVED
                || verification.outcome() == Verification.Outcome.NOT_PROVED
                        && request.verification().acceptUnproved();
        if (!accepted) {
            throw new VerificationFailedException(verification);
        }
        return verification;
    }
}
