package io.espalier.engine.score;

import io.espalier.engine.coupling.channel.Group;
import io.espalier.spi.allocator.ScoredGroup;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * A group with the score of each of its coupled channels.
 *
 * @param group the group
 * @param scores normalised scores, in the order of the channels; never changed
 * @param earlier channels that an earlier step removed: they are removed before all others, whatever they score
 */
public record GroupScores(Group group, double[] scores, Set<Integer> earlier) {

    public GroupScores {
        earlier = Set.copyOf(earlier);
    }

    /** A group of which nothing is removed yet. */
    public GroupScores(Group group, double[] scores) {
        this(group, scores, Set.of());
    }

    /** What an allocator sees. */
    public ScoredGroup scored(ScoredGroup.Savings savings) {
        return new ScoredGroup(group.name(), group.signature(), scores, savings);
    }

    /** The scores of channels that are not removed yet, in order. */
    public double[] remaining() {
        return IntStream.range(0, scores.length)
                .filter(channel -> !earlier.contains(channel))
                .mapToDouble(channel -> scores[channel])
                .toArray();
    }

    /** The group with the scores of channels that are not removed yet changed together; the others score 0. */
    public GroupScores changed(UnaryOperator<double[]> change) {
        double[] results = change.apply(remaining());
        double[] changed = new double[scores.length];
        int next = 0;
        for (int channel = 0; channel < changed.length; channel++) {
            changed[channel] = earlier.contains(channel) ? 0 : results[next++];
        }
        return with(changed);
    }

    /** The group with other scores. */
    public GroupScores with(double[] others) {
        return new GroupScores(group, others, earlier);
    }
}
