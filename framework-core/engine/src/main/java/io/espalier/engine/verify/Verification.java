package io.espalier.engine.verify;

/**
 * The result of comparing a pruned model with the masked original.
 *
 * @param outcome whether they are equal
 * @param maxAbsolute largest difference of any element
 * @param maxRelative largest difference relative to the largest magnitude of the same output
 * @param tolerance largest relative difference allowed
 * @param inputs how many inputs were tried
 * @param values how many values were compared for each input: outputs, and what goes into sorting operators
 * @param reason why the outcome is not PROVED, else empty
 */
public record Verification(
        Outcome outcome,
        double maxAbsolute,
        double maxRelative,
        double tolerance,
        int inputs,
        int values,
        String reason) {

    /** What a verification found. */
    public enum Outcome {
        /** Equal on every input tried, and the inputs could have shown a difference. */
        PROVED,
        /** Different. */
        FAILED,
        /** Nothing was shown: outputs were constant or not finite, or the reference cannot be expressed. */
        NOT_PROVED
    }
}
