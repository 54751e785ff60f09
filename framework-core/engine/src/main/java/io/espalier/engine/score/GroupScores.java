package io.espalier.engine.score;

import io.espalier.engine.coupling.channel.Group;
import io.espalier.spi.allocator.ScoredGroup;

/**
 * A group with the score of each of its coupled channels.
 *
 * @param group the group
 * @param scores normalised scores, in the order of the channels; never changed
 */
public record GroupScores(Group group, double[] scores) {

    /** What an allocator sees. */
    public ScoredGroup scored(ScoredGroup.Savings savings) {
        return new ScoredGroup(group.name(), group.signature(), scores, savings);
    }

    /** The group with other scores. */
    public GroupScores with(double[] others) {
        return new GroupScores(group, others);
    }
}
