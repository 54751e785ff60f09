package io.espalier.engine.guard;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.criterion.ChannelCriterion;
import io.espalier.spi.criterion.ChannelGroup;
import io.espalier.spi.criterion.Evidence;
import io.espalier.spi.criterion.ImportanceCriterion;
import io.espalier.spi.criterion.ParameterAxis;
import io.espalier.spi.criterion.ParameterRole;
import io.espalier.spi.criterion.ScoringContext;
import io.espalier.spi.criterion.SliceCriterion;
import io.espalier.spi.loss.NamedLoss;
import java.util.Set;

/** Calls a criterion. Thread-safe. */
public final class CriterionGuard {

    private final ImportanceCriterion criterion;
    private final ProviderGuard guard;

    public CriterionGuard(ImportanceCriterion criterion) {
        this.criterion = criterion;
        this.guard = new ProviderGuard(criterion);
    }

    /** The evidence that the criterion declares. */
    public Set<Evidence<?>> evidence() {
        return guard.call("evidence", criterion::evidence);
    }

    /** The loss that the criterion is made for. */
    public NamedLoss loss() {
        return guard.call("loss", criterion::loss);
    }

    /** Whether the criterion scores slices, as opposed to whole channels. */
    public boolean scoresSlices() {
        return criterion instanceof SliceCriterion;
    }

    /** Whether a criterion of slices scores those of a role. */
    public boolean scores(ParameterRole role) {
        return guard.call("scores", () -> ((SliceCriterion) criterion).scores(role));
    }

    /** Whether a criterion of channels scores those of a group. */
    public boolean scores(ChannelGroup group, ScoringContext context) {
        return guard.call("scores", () -> ((ChannelCriterion) criterion).scores(group, context));
    }

    /**
     * One finite score a slice.
     *
     * @throws InvalidInputException when a score is infinite
     */
    public double[] score(ParameterAxis axis, ScoringContext context) {
        double[] scores = guard.call("score", () -> ((SliceCriterion) criterion).score(axis, context));
        check(scores, axis.size(), "slice", axis.parameter());
        return scores;
    }

    /**
     * One finite score a coupled channel.
     *
     * @throws InvalidInputException when a score is infinite
     */
    public double[] score(ChannelGroup group, ScoringContext context) {
        double[] scores = guard.call("score", () -> ((ChannelCriterion) criterion).score(group, context));
        check(scores, group.size(), "channel", group.name());
        return scores;
    }

    private void check(double[] scores, int wanted, String unit, String owner) {
        guard.require(
                scores.length == wanted,
                "it returned " + scores.length + " scores for the " + wanted + " " + unit + "s of '" + owner + "'",
                "score returns one score for each " + unit);
        for (int i = 0; i < scores.length; i++) {
            guard.require(
                    !Double.isNaN(scores[i]),
                    "it scored " + unit + " " + i + " of '" + owner + "' as NaN",
                    "scores are finite numbers");
            if (Double.isInfinite(scores[i])) {
                throw new InvalidInputException("The criterion '" + criterion.name() + "' scores " + unit + " " + i
                        + " of '" + owner + "' as " + scores[i]
                        + ", which is not a finite number; choose another criterion or other options.");
            }
        }
    }
}
