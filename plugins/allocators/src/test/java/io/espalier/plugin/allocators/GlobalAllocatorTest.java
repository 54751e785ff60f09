package io.espalier.plugin.allocators;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.spi.allocator.SparsityAllocation.RankingPool;
import io.espalier.spi.allocator.SparsityAllocator;
import io.espalier.testkit.contract.AllocatorContract;
import java.util.List;
import org.junit.jupiter.api.Test;

class GlobalAllocatorTest extends AllocatorContract {

    @Override
    protected SparsityAllocator allocator() {
        return new GlobalAllocator();
    }

    @Test
    void allGroupsCompete() {
        assertThat(pools(TestingGroups.FOUR)).containsExactly(new RankingPool(List.of(0, 1, 2, 3)));
    }
}
