package io.espalier.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SequenceNumbersTest {

    @Test
    @DisplayName("A number is new once, in whatever order numbers come and however large they are")
    void once() {
        for (long seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            SequenceNumbers numbers = new SequenceNumbers();
            Set<Long> known = new HashSet<>();
            for (int i = 0; i < 200; i++) {
                long number = random.nextInt(10) == 0 ? Long.MAX_VALUE - random.nextInt(3) : 1 + random.nextInt(60);
                assertThat(numbers.add(number))
                        .as("seed %d, number %d", seed, number)
                        .isEqualTo(known.add(number));
            }
        }
    }

    @Test
    @DisplayName("Of more stretches than are remembered the earliest are merged; what is new stays new")
    void bounded() {
        SequenceNumbers numbers = new SequenceNumbers();
        for (long number = 1; number <= 10_000; number += 2) {
            assertThat(numbers.add(number)).isTrue();
        }
        assertThat(numbers.add(2)).isFalse();
        assertThat(numbers.add(9_998)).isTrue();
        assertThat(numbers.add(20_000)).isTrue();
    }
}
