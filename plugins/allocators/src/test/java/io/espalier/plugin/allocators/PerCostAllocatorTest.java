package io.espalier.plugin.allocators;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.spi.allocator.SparsityAllocation.ChannelScores;
import io.espalier.spi.allocator.SparsityAllocator;
import io.espalier.testkit.contract.AllocatorContract;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PerCostAllocatorTest extends AllocatorContract {

    private String cost = "macs";

    @Override
    protected SparsityAllocator allocator() {
        return new PerCostAllocator();
    }

    @Override
    protected Map<String, String> typedOptions() {
        return Map.of("cost", cost);
    }

    @Test
    void scoresAreDividedByWhatAChannelSaves() {
        assertThat(((ChannelScores) allocate(TestingGroups.FOUR)).scores())
                .containsExactly(
                        new double[] {0.1, 0.2}, new double[] {0.3}, new double[] {0.2, 0.25}, new double[] {0.6});
        cost = "params";
        assertThat(((ChannelScores) allocate(TestingGroups.FOUR)).scores().get(2))
                .containsExactly(2, 2.5);
        cost = "bytes";
        assertThat(((ChannelScores) allocate(TestingGroups.FOUR)).scores().get(2))
                .containsExactly(0.5, 0.625);
    }
}
