package io.espalier.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.events.SequenceNumbers;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SeenTest {

    private final Seen seen = new Seen();

    @Test
    @DisplayName("Any order with any repetition is recognised, as a set would")
    void likeASet() {
        long seed = 42;
        Random random = new Random(seed);
        Set<Integer> reference = new HashSet<>();
        for (int i = 0; i < 20_000; i++) {
            // A window that moves on: what is missing in it stays within the bound of stretches.
            int number = 1 + i / 10 + random.nextInt(60);
            assertThat(seen.before("run", number))
                    .as("seed %d, step %d", seed, i)
                    .isEqualTo(!reference.add(number));
        }
    }

    @Test
    @DisplayName("Runs do not disturb each other")
    void runs() {
        assertThat(seen.before("a", 1)).isFalse();
        assertThat(seen.before("b", 1)).isFalse();
        assertThat(seen.before("a", 1)).isTrue();
    }

    @Test
    @DisplayName("Of too many runs the one that was silent longest is forgotten")
    void manyRuns() {
        seen.before("first", 1);
        seen.before("second", 1);
        seen.before("first", 2);
        for (int i = 0; i < Seen.MAX_RUNS - 1; i++) {
            seen.before("run " + i, 1);
        }
        assertThat(seen.before("first", 1)).isTrue();
        assertThat(seen.before("second", 1)).isFalse();
    }

    @Test
    @DisplayName("Of too many holes the oldest is closed")
    void manyHoles() {
        for (int i = 0; i <= SequenceNumbers.MAX_STRETCHES; i++) {
            seen.before("run", 2L * i + 1);
        }
        assertThat(seen.before("run", 2)).isTrue();
        assertThat(seen.before("run", 4)).isFalse();
    }
}
