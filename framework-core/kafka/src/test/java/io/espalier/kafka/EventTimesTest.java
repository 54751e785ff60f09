package io.espalier.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class EventTimesTest {

    @Test
    @DisplayName("Times are written as Instant writes them")
    void likeInstant() {
        long seed = 7;
        Random random = new Random(seed);
        EventTimes times = new EventTimes();
        for (int i = 0; i < 20_000; i++) {
            long seconds = random.nextInt(3) == 0 ? random.nextLong(-62_000_000_000L, 250_000_000_000L) : i / 100;
            int unit = new int[] {1, 1000, 1_000_000, 1_000_000_000}[random.nextInt(4)];
            int nanos = random.nextInt(1_000_000_000) / unit * unit;

            assertThat(new String(times.text(seconds, nanos), StandardCharsets.US_ASCII))
                    .as("seed %d, time %d", seed, i)
                    .isEqualTo(Instant.ofEpochSecond(seconds, nanos).toString());
        }
    }
}
