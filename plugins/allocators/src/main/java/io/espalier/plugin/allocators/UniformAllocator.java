package io.espalier.plugin.allocators;

import io.espalier.spi.allocator.ScoredGroup;
import io.espalier.spi.allocator.SparsityAllocator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One contest a group: every group loses the same share of its channels.
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
    public List<RankingPool> pools(List<ScoredGroup> groups) {
        return IntStream.range(0, groups.size())
                .mapToObj(group -> new RankingPool(List.of(group)))
                .toList();
    }
}
