package io.espalier.plugin.allocators;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.spi.allocator.SparsityAllocation.RankingPool;
import io.espalier.spi.allocator.SparsityAllocator;
import io.espalier.testkit.contract.AllocatorContract;
import java.util.List;
import org.junit.jupiter.api.Test;

class UniformAllocatorTest extends AllocatorContract {

    @Override
    protected SparsityAllocator allocator() {
        return new UniformAllocator();
    }

    @Test
    void everyGroupCompetesAlone() {
        assertThat(pools(TestingGroups.FOUR))
                .containsExactly(
                        new RankingPool(List.of(0)),
                        new RankingPool(List.of(1)),
                        new RankingPool(List.of(2)),
                        new RankingPool(List.of(3)));
    }
}
