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
 * One pool a group: every group loses the same share of its channels.
 *
 * <p>The allocation of Li et al. (arXiv 1608.08710) and the safest one where scores of different layers cannot be
 * compared.
 */
public final class UniformAllocator implements SparsityAllocator {

    @Override
    public String name() {
        return "uniform";
    }

    @Override
    public String description() {
        return "Channels compete within their group only; every group loses the same share.";
    }

    @Override
    public SparsityAllocation allocate(List<ScoredGroup> groups, Options options, RunContext context) {
        return new Pools(IntStream.range(0, groups.size())
                .mapToObj(group -> new RankingPool(List.of(group)))
                .toList());
    }
}
