package io.espalier.engine.allocate;

import io.espalier.spi.allocator.SparsityAllocation;
import io.espalier.spi.allocator.SparsityAllocation.Pools;
import io.espalier.spi.allocator.SparsityAllocation.Rates;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Groups that are ranked as one list.
 *
 * @param groups indices of the groups
 * @param rate how fast the pool loses its channels, compared with other pools
 */
record RatedPool(List<Integer> groups, double rate) {

    RatedPool {
        groups = List.copyOf(groups);
    }

    /**
     * The pools of an allocation.
     *
     * @param groups number of groups
     */
    static List<RatedPool> of(SparsityAllocation allocation, int groups) {
        if (allocation instanceof Pools pools) {
            return pools.pools().stream()
                    .map(pool -> new RatedPool(pool.groups(), 1))
                    .toList();
        }
        if (allocation instanceof Rates rates) {
            return IntStream.range(0, groups)
                    .mapToObj(
                            group -> new RatedPool(List.of(group), rates.rates().get(group)))
                    .toList();
        }
        return List.of(new RatedPool(IntStream.range(0, groups).boxed().toList(), 1));
    }
}
