package io.espalier.metrics;

import io.espalier.events.v1.VerificationOutcome;
import java.util.Locale;

/** How something ended. */
enum Outcome {
    OK,
    /** A run that wrote a proved model. */
    PROVED,
    /** A run that wrote a model that was not proved, because that was accepted. */
    NOT_PROVED,
    /** A run that only made a plan. */
    PLANNED,
    FAILED,
    CANCELLED;

    String tag() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Outcome of(VerificationOutcome verification) {
        return switch (verification) {
            case VERIFICATION_OUTCOME_PROVED -> PROVED;
            case VERIFICATION_OUTCOME_FAILED -> FAILED;
            case VERIFICATION_OUTCOME_NOT_PROVED -> NOT_PROVED;
            case VERIFICATION_OUTCOME_UNSPECIFIED, UNRECOGNIZED -> PLANNED;
        };
    }
}
