package io.espalier.api;

import io.espalier.engine.verify.Verification;
import io.espalier.spi.Stability;

/**
 * The comparison of a pruned model with the masked original: the original at full width, of which only what the removed
 * channels feed is masked.
 *
 * @param outcome whether they are equal
 * @param maxAbsoluteDifference largest difference of any element
 * @param maxRelativeDifference largest difference relative to the largest magnitude of the same output
 * @param tolerance largest relative difference allowed
 * @param inputs how many inputs were tried
 * @param reason why the outcome is not {@link Outcome#PROVED}, else empty
 * @param liftDifference largest relative difference between the original in its own runtime and its neutral graph; NaN
 *     when it was not measured
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public record Proof(
        Outcome outcome,
        double maxAbsoluteDifference,
        double maxRelativeDifference,
        double tolerance,
        int inputs,
        String reason,
        double liftDifference) {

    /** What a proof found. */
    @Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
    public enum Outcome {
        /** Equal on every input tried, and the inputs could have shown a difference. */
        PROVED,
        /** Different. */
        FAILED,
        /** Nothing was shown: outputs were constant or not finite, or the reference cannot be expressed. */
        NOT_PROVED
    }

    static Proof of(Verification verification) {
        return new Proof(
                Outcome.valueOf(verification.outcome().name()),
                verification.maxAbsolute(),
                verification.maxRelative(),
                verification.tolerance(),
                verification.inputs(),
                verification.reason(),
                verification.lift());
    }

    /** Whether the models were shown to be equal. */
    public boolean isProved() {
        return outcome == Outcome.PROVED;
    }
}
