package io.espalier.engine.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.spi.InvalidInputException;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ControlTest {

    @Test
    @DisplayName("Shuffled scores are the same numbers in an order that the random numbers give")
    void shuffled() {
        int moved = 0;
        for (long seed = 0; seed < 20; seed++) {
            double[] scores = new Random(seed).doubles(16).toArray();
            double[] changed = Control.SHUFFLED.of(scores, new Random(seed));

            assertThat(changed).as("seed %d", seed).containsExactlyInAnyOrder(scores);
            assertThat(Control.SHUFFLED.of(scores, new Random(seed)))
                    .as("seed %d", seed)
                    .containsExactly(changed);
            assertThat(Control.NONE.of(scores, new Random(seed))).containsExactly(scores);
            moved += changed[0] == scores[0] ? 0 : 1;
        }
        assertThat(moved).isGreaterThan(10);
    }

    @Test
    @DisplayName("Names are those that a user types")
    void names() {
        Control.names().forEach(name -> assertThat(Control.of(name)).hasToString(name));
        assertThatThrownBy(() -> Control.of("other"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("none, shuffled");
    }
}
