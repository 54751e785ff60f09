package io.espalier.spi.allocator;

import io.espalier.spi.Stability;
import java.util.List;

/**
 * How the removal is spread over the groups. The engine carries it out until the target is met exactly; minimum widths,
 * alignment and ignored names are the engine's business. Groups are named by their index in the list that the allocator
 * was given.
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.2.0")
public sealed interface SparsityAllocation {

    /**
     * Every pool loses the same share of its channels, the lowest scores first.
     *
     * @param pools a partition of the groups; each pool is ranked as one list
     */
    record Pools(List<RankingPool> pools) implements SparsityAllocation {
        public Pools {
            pools = List.copyOf(pools);
        }
    }

    /**
     * Groups ranked together.
     *
     * @param groups indices of the groups
     */
    record RankingPool(List<Integer> groups) {
        public RankingPool {
            groups = List.copyOf(groups);
        }
    }

    /**
     * Every group loses channels at a rate of its own, its lowest scores first: of two groups with rates 0.2 and 0.4 the
     * second has lost twice the share of its channels at every moment. The target says when to stop, so only the ratios
     * of the rates count; a group of rate 0 loses nothing.
     *
     * @param rates one finite rate a group, none below 0
     */
    record Rates(List<Double> rates) implements SparsityAllocation {
        public Rates {
            rates = List.copyOf(rates);
        }
    }

    /**
     * All channels are ranked in one list by scores of the allocator's own, for instance by score per saved
     * multiply-accumulate; the lowest are removed first.
     *
     * @param scores for each group one finite score a channel; the arrays are not copied and must not be changed
     */
    record ChannelScores(List<double[]> scores) implements SparsityAllocation {
        public ChannelScores {
            scores = List.copyOf(scores);
        }
    }
}
