package io.espalier.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RangesTest {

    @Test
    void consecutivePositionsAreJoined() {
        assertThat(Ranges.format(List.of(0, 1, 2, 3, 7))).isEqualTo("0-3,7");
        assertThat(Ranges.format(List.of(5))).isEqualTo("5");
        assertThat(Ranges.format(List.of(1, 3, 4))).isEqualTo("1,3-4");
        assertThat(Ranges.parse("0-3,7", 8)).containsExactly(0, 1, 2, 3, 7);
        assertThat(Ranges.parse("1,3-4", 8)).containsExactly(1, 3, 4);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",", "3-1", "1,1", "2,1", "0-8", "8", "-1", "1-", "a", "0 - 3", "99999999999"})
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> Ranges.parse(text, 8)).isInstanceOf(IllegalArgumentException.class);
    }
}
