package io.espalier.engine.run;

import io.espalier.engine.verify.Verification;

/** The pruned model could not be proved equal to the masked original and was not written. */
public final class VerificationFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Verification verification;

    VerificationFailedException(Verification verification) {
        super(message(verification));
        this.verification = verification;
    }

    private static String message(Verification verification) {
        String what = verification.outcome() == Verification.Outcome.FAILED
                ? "The pruned model does not compute what the masked original computes, so it was not written: "
                : "It could not be proved that the pruned model computes what the masked original computes, so it was not"
                        + " written: ";
        return what + verification.reason() + " (largest relative difference " + verification.maxRelative()
                + ", allowed " + verification.tolerance() + ").";
    }

    /** What was found. */
    public Verification verification() {
        return verification;
    }
}
