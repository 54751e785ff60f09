package io.espalier.engine.allocate;

import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.score.GroupScores;
import io.espalier.graph.cost.Cost;
import java.util.List;

/**
 * What goes.
 *
 * @param selections one for each group that was offered, in order
 * @param removal the same as classes
 * @param cost what is left costs
 * @param reached the value of the target's metric that is left
 * @param limit the largest value that meets the target
 */
public record Allocation(List<Selection> selections, Removal removal, Cost cost, long reached, long limit) {

    public Allocation {
        selections = List.copyOf(selections);
    }

    /**
     * What goes of one group.
     *
     * @param scores the group with its scores
     * @param removed indices of the channels that go, in ascending order
     */
    public record Selection(GroupScores scores, List<Integer> removed) {
        public Selection {
            removed = List.copyOf(removed);
        }

        /** Number of channels that stay. */
        public int kept() {
            return scores.scores().length - removed.size();
        }
    }
}
