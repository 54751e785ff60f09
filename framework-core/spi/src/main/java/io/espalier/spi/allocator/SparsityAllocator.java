package io.espalier.spi.allocator;

import io.espalier.spi.Stability;
import io.espalier.spi.provider.Provider;
import java.util.List;

/**
 * Decides which coupled channels compete with each other for removal.
 *
 * <p>The engine then removes the same share of every contest, lowest scores first, until the target is met exactly;
 * minimum widths, alignment and ignored names are the engine's business. Stateless and thread-safe.
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public interface SparsityAllocator extends Provider {

    /**
     * Splits the groups into contests.
     *
     * @param groups all groups that may be pruned, in a stable order
     * @return a partition of the groups; each contest is ranked as one list
     */
    List<RankingPool> pools(List<ScoredGroup> groups);

    /**
     * Groups ranked together.
     *
     * @param groups indices into the list given to {@link #pools}
     */
    record RankingPool(List<Integer> groups) {
        public RankingPool {
            groups = List.copyOf(groups);
        }
    }
}
