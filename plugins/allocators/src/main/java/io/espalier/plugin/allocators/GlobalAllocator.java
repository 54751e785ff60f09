package io.espalier.plugin.allocators;

import io.espalier.spi.allocator.ScoredGroup;
import io.espalier.spi.allocator.SparsityAllocator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One contest of all groups: the network as a whole loses its least important channels, wherever they are.
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
    public List<RankingPool> pools(List<ScoredGroup> groups) {
        return groups.isEmpty()
                ? List.of()
                : List.of(new RankingPool(
                        IntStream.range(0, groups.size()).boxed().toList()));
    }
}
