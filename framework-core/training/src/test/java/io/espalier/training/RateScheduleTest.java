package io.espalier.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.spi.InvalidInputException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RateScheduleTest {

    private static RateSchedule schedule(String name, String... options) {
        Map<String, String> typed = new LinkedHashMap<>();
        for (int i = 0; i < options.length; i += 2) {
            typed.put(options[i], options[i + 1]);
        }
        return RateSchedule.of(name, typed);
    }

    @ParameterizedTest
    @CsvSource({
        "constant, 0, 2",
        "constant, 50, 2",
        "constant, 100, 2",
        "cosine, 0, 2",
        "cosine, 50, 1",
        "cosine, 100, 0",
        "step, 0, 2",
        "step, 33, 2",
        "step, 34, 0.2",
        "step, 66, 0.2",
        "step, 67, 0.02",
        "step, 100, 0.02",
        "one-cycle, 0, 0.08",
        "one-cycle, 15, 1.04",
        "one-cycle, 30, 2",
        "one-cycle, 65, 1",
        "one-cycle, 100, 0"
    })
    @DisplayName("Rates at the start, the middle and the end of 101 steps")
    void courses(String name, long step, double expected) {
        assertThat(schedule(name).rate(2, step, 101)).isCloseTo(expected, within(1e-12));
    }

    @ParameterizedTest
    @ValueSource(strings = {"constant", "cosine", "step", "one-cycle"})
    @DisplayName(
            "The warm-up rises from step to step to the rate that was given, and no step of any course is negative")
    void warmsUp(String name) {
        RateSchedule schedule = schedule(name, "warm-up", "0.2");
        double[] rates = IntStream.range(0, 51)
                .mapToDouble(step -> schedule.rate(0.5, step, 51))
                .toArray();
        for (int step = 1; step <= 10; step++) {
            assertThat(rates[step]).as("step %d", step).isGreaterThan(rates[step - 1]);
        }
        assertThat(rates[0]).isPositive();
        assertThat(rates[10]).isCloseTo(0.5, within(1e-12));
        assertThat(Arrays.stream(rates)).allMatch(rate -> rate >= 0 && rate <= 0.5 + 1e-12);
        assertThat(schedule.rate(0.5, 0, 1)).as("the only step").isPositive();
    }

    @Test
    @DisplayName("An unknown course names those there are")
    void unknown() {
        assertThatThrownBy(() -> schedule("linear"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("constant, step, cosine, one-cycle");
    }
}
