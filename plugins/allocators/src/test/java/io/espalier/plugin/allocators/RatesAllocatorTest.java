package io.espalier.plugin.allocators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.allocator.SparsityAllocation.Rates;
import io.espalier.spi.allocator.SparsityAllocator;
import io.espalier.testkit.contract.AllocatorContract;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RatesAllocatorTest extends AllocatorContract {

    private String rates = "*:1";

    @Override
    protected SparsityAllocator allocator() {
        return new RatesAllocator();
    }

    @Override
    protected Map<String, String> typedOptions() {
        return Map.of("rates", rates);
    }

    @Test
    void theFirstPatternThatMatchesCounts() {
        rates = "stem:0, *d*:0.5,body:7";
        assertThat(allocate(TestingGroups.FOUR)).isEqualTo(new Rates(List.of(0.0, 0.5, 0.5, 1.0)));
    }

    @Test
    void dotsOfNamesAreNoPatterns() {
        rates = "b.dy:7";
        assertThat(allocate(TestingGroups.FOUR)).isEqualTo(new Rates(List.of(1.0, 1.0, 1.0, 1.0)));
    }

    @Test
    void whatIsNoRateIsRefused() {
        for (String wrong : List.of("", "stem", "stem:", "stem:-1", "stem:x", "stem:1,")) {
            rates = wrong;
            assertThatThrownBy(() -> allocate(TestingGroups.FOUR))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("expected PATTERN:RATE");
        }
    }
}
