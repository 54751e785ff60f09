package io.espalier.engine.verify;

/**
 * The result of comparing a pruned model with the masked original.
 *
 * @param outcome whether they are equal
 * @param maxAbsolute largest difference of any element
 * @param maxRelative largest difference relative to the largest magnitude of the same output
 * @param tolerance largest relative difference allowed
 * @param inputs how many inputs were tried
 * @param values how many values were compared for each input: outputs, and operands of sorting operators
 * @param reason why the outcome is not PROVED, else empty
 * @param lift largest relative difference between the original in its own runtime and its neutral graph; NaN when it
 *     was not measured
 */
public record Verification(
        Outcome outcome,
        double maxAbsolute,
        double maxRelative,
        double tolerance,
        int inputs,
        int values,
        String reason,
        double lift) {

    public Verification(
            Outcome outcome,
            double maxAbsolute,
            double maxRelative,
            double tolerance,
            int inputs,
            int values,
            String reason) {
        this(outcome, maxAbsolute, maxRelative, tolerance, inputs, values, reason, Double.NaN);
    }

    static Verification failed(String reason) {
        return new Verification(
                Outcome.FAILED, Double.NaN, Double.NaN, EquivalenceCheck.FLOAT32_TOLERANCE, 0, 0, reason);
    }

    /** The verdict on a file that is not what its plan says; no numbers were compared. */
    public static Verification different(String reason) {
        return failed(reason);
    }

    /** The verdict when nothing could be shown; no numbers were compared. */
    public static Verification notProved(String reason) {
        return new Verification(Outcome.NOT_PROVED, 0, 0, EquivalenceCheck.FLOAT32_TOLERANCE, 0, 0, reason);
    }

    static Verification wrongLift(double difference) {
        return notProved("the original computes something else in its own runtime than as a neutral graph"
                        + " (relative difference " + difference + "): the lift of this model is wrong")
                .withLift(difference);
    }

    /** The same with what was found out about the lift. */
    Verification withLift(double difference) {
        return new Verification(outcome, maxAbsolute, maxRelative, tolerance, inputs, values, reason, difference);
    }

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
