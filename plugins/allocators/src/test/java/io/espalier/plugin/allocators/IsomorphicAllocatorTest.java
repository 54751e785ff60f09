package io.espalier.plugin.allocators;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.spi.allocator.SparsityAllocation.RankingPool;
import io.espalier.spi.allocator.SparsityAllocator;
import io.espalier.testkit.contract.AllocatorContract;
import java.util.List;
import org.junit.jupiter.api.Test;

class IsomorphicAllocatorTest extends AllocatorContract {

    @Override
    protected SparsityAllocator allocator() {
        return new IsomorphicAllocator();
    }

    @Test
    void groupsOfEqualStructureCompeteInOrderOfFirstOccurrence() {
        assertThat(pools(TestingGroups.FOUR))
                .containsExactly(new RankingPool(List.of(0, 2)), new RankingPool(List.of(1, 3)));
    }
}
