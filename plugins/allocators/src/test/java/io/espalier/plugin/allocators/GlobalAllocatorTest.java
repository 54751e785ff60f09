package io.espalier.plugin.allocators;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.spi.allocator.ScoredGroup;
import io.espalier.spi.allocator.SparsityAllocator;
import io.espalier.spi.allocator.SparsityAllocator.RankingPool;
import io.espalier.testkit.contract.AllocatorContract;
import java.util.List;
import org.junit.jupiter.api.Test;

class GlobalAllocatorTest extends AllocatorContract {

    private static final List<ScoredGroup> GROUPS = List.of(
            new ScoredGroup("stem", "conv", new double[] {1, 2}),
            new ScoredGroup("head", "linear", new double[] {3}),
            new ScoredGroup("body", "conv", new double[] {4, 5}),
            new ScoredGroup("tail", "linear", new double[] {6}));

    @Override
    protected SparsityAllocator allocator() {
        return new GlobalAllocator();
    }

    @Test
    void allGroupsCompete() {
        assertThat(allocator().pools(GROUPS)).containsExactly(new RankingPool(List.of(0, 1, 2, 3)));
    }
}
