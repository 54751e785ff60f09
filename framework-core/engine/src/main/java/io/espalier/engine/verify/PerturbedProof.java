package io.espalier.engine.verify;

import io.espalier.engine.verify.Verification.Outcome;
import io.espalier.spi.adapter.Edit;
import java.util.List;

/**
 * The proof where masking changed nothing, as with dead channels: the same cut is proved again on weights that are alive.
 * Where nothing reads the removed channels, the reference is the original itself, and equal to it is all there is to show.
 */
final class PerturbedProof {

    /** How much noise is mixed into weights: as little as brings dead channels to life, at last nothing but noise. */
    private static final double[] STRENGTHS = {0.3, 1, 1, 1};

    private final EquivalenceCheck check;
    private final long seed;
    private final Trial trial;

    PerturbedProof(EquivalenceCheck check, long seed, Trial trial) {
        this.check = check;
        this.seed = seed;
        this.trial = trial;
    }

    /** Runs the original with other weights on all inputs: as it is, masked and pruned. */
    @FunctionalInterface
    interface Trial {

        /**
         * Runs the three and compares what they make.
         *
         * @param perturbation gives the original other weights
         * @param change takes unmasked against masked
         * @param tolerance the relative difference that is allowed
         * @return masked against pruned
         */
        Comparison run(List<Edit> perturbation, Comparison change, double tolerance);
    }

    /** Proves what was equal, but not seen to be affected. */
    Verification prove(Verification unseen) {
        Verification result = unseen;
        for (int attempt = 0; attempt < STRENGTHS.length && result.outcome() == Outcome.NOT_PROVED; attempt++) {
            result = prove(
                    Perturbation.of(check.original(), check.coupling(), seed + attempt, STRENGTHS[attempt]), unseen);
        }
        return result;
    }

    private Verification prove(List<Edit> perturbation, Verification unseen) {
        Comparison change = check.comparison();
        Comparison difference = trial.run(perturbation, change, unseen.tolerance());
        boolean equal = difference.isWithin(unseen.tolerance());
        boolean shown = change.maxAbsolute() > 0 || !check.masks() && difference.varies();
        Outcome outcome = !equal ? Outcome.FAILED : shown ? Outcome.PROVED : Outcome.NOT_PROVED;
        String reason = !equal
                ? "with other weights the pruned model differs from the masked original"
                : shown ? "" : EquivalenceCheck.UNSEEN;
        return new Verification(
                outcome,
                Math.max(unseen.maxAbsolute(), difference.maxAbsolute()),
                Math.max(unseen.maxRelative(), difference.maxRelative()),
                unseen.tolerance(),
                unseen.inputs(),
                unseen.values(),
                reason,
                unseen.lift());
    }
}
