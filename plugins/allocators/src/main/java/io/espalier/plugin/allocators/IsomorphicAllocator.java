package io.espalier.plugin.allocators;

import io.espalier.spi.RunContext;
import io.espalier.spi.allocator.ScoredGroup;
import io.espalier.spi.allocator.SparsityAllocation;
import io.espalier.spi.allocator.SparsityAllocation.Pools;
import io.espalier.spi.allocator.SparsityAllocation.RankingPool;
import io.espalier.spi.allocator.SparsityAllocator;
import io.espalier.spi.option.Options;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One pool for each structure: groups with the same {@link ScoredGroup#signature()} compete with each other.
 *
 * <p>Fang et al., "Isomorphic Pruning for Vision Models" (ECCV 2024, arXiv 2407.04616): scores are comparable among
 * sub-structures of equal form, and only there. Pools are in the order in which their structure occurs first.
 */
public final class IsomorphicAllocator implements SparsityAllocator {

    @Override
    public String name() {
        return "isomorphic";
    }

    @Override
    public String description() {
        return "Groups of the same structure compete; every kind of structure loses the same share.";
    }

    @Override
    public SparsityAllocation allocate(List<ScoredGroup> groups, Options options, RunContext context) {
        Map<String, List<Integer>> bySignature = new LinkedHashMap<>();
        for (int group = 0; group < groups.size(); group++) {
            bySignature
                    .computeIfAbsent(groups.get(group).signature(), signature -> new ArrayList<>())
                    .add(group);
        }
        return new Pools(bySignature.values().stream().map(RankingPool::new).toList());
    }
}
