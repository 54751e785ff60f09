package io.espalier.plugin.allocators;

import io.espalier.spi.RunContext;
import io.espalier.spi.allocator.ScoredGroup;
import io.espalier.spi.allocator.SparsityAllocation;
import io.espalier.spi.allocator.SparsityAllocation.Pools;
import io.espalier.spi.allocator.SparsityAllocation.RankingPool;
import io.espalier.spi.allocator.SparsityAllocator;
import io.espalier.spi.option.Options;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One pool of all groups: the network as a whole loses its least important channels, wherever they are.
 *
 * <p>SPA (arXiv 2403.18955) ranks this way. Needs scores that are comparable between groups, hence normalised ones.
 */
public final class GlobalAllocator implements SparsityAllocator {

    @Override
    public String name() {
        return "global";
    }

    @Override
    public String description() {
        return "All groups compete with each other; widths follow importance.";
    }

    @Override
    public SparsityAllocation allocate(List<ScoredGroup> groups, Options options, RunContext context) {
        return new Pools(List.of(
                new RankingPool(IntStream.range(0, groups.size()).boxed().toList())));
    }
}
