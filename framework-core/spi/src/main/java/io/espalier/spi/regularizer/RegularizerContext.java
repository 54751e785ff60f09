package io.espalier.spi.regularizer;

import io.espalier.spi.Stability;
import io.espalier.spi.option.Options;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/** What a regularizer knows of a training. Not thread-safe. */
@Stability(value = Stability.Level.EVOLVING, since = "0.3.0")
public interface RegularizerContext {

    /** Validated options of the regularizer. */
    Options options();

    /** The coupled channels that may be removed and hold trained weights, in the order of the graph. */
    List<CoupledGroup> groups();

    /**
     * Names of the compactors, for a regularizer that {@linkplain Regularizer#compacts() asks for them}. Their rows are producers
     * among the slices of {@link #groups}. Empty where training is not ours to change.
     */
    Set<String> compactors();

    /** How often weights are updated, at least 1. */
    long steps();

    /** How often all examples are seen, at least 1. */
    int epochs();

    /**
     * The channels that a cut by some scores would remove: the lowest of all groups in one ranking, until the target is met, with
     * whole heads and minimum widths as every cut has them.
     *
     * @param scores for each group one finite score a channel; scores of different groups are compared as they are
     * @param progress how much of the way to the target is done: above 0, at most 1
     * @return for each group whether a channel goes
     */
    boolean[][] weakest(double[][] scores, double progress);

    /** Randomness for a subject; the same for the same seed and subject. */
    RandomGenerator random(String subject);
}
