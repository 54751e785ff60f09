package io.espalier.engine.allocate;

import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.score.GroupScores;
import io.espalier.graph.cost.Cost;
import java.util.Arrays;
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

    /** The share of the sum of all scores that is removed, from 0 to 1; 0 where they have no positive sum. */
    public double removedImportance() {
        double all = 0;
        double removed = 0;
        for (Selection selection : selections) {
            double[] scores = selection.scores().scores();
            all += Arrays.stream(scores).sum();
            removed += selection.removed().stream()
                    .mapToDouble(channel -> scores[channel])
                    .sum();
        }
        return all > 0 ? Math.max(0, Math.min(1, removed / all)) : 0;
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
