package io.espalier.engine.verify;

import io.espalier.engine.verify.Verification.Outcome;
import io.espalier.spi.graph.Graph;

/**
 * The proof where masking changed nothing, as with dead channels: the same cut is proved again on weights that are alive.
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

    /** Runs three graphs on all inputs and compares what they make. */
    @FunctionalInterface
    interface Trial {

        /**
         * Runs them.
         *
         * @param change takes unmasked against masked
         * @param tolerance the relative difference that is allowed
         * @return masked against pruned
         */
        Comparison run(Graph unmasked, Graph masked, Graph pruned, Comparison change, double tolerance);
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

    private Verification prove(Graph perturbed, Verification unseen) {
        Comparison change = check.comparison();
        Comparison difference =
                trial.run(perturbed, check.masked(perturbed), check.cut(perturbed), change, unseen.tolerance());
        boolean equal = difference.isWithin(unseen.tolerance());
        boolean shown = change.maxAbsolute() > 0;
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
