package io.espalier.adapter.onnx.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CountdownTest {

    private final List<Boolean> stops = new ArrayList<>();

    private TimedRun.Countdown countdown(int seconds, int ticks) {
        TimedRun.Countdown countdown = new TimedRun.Countdown(seconds, stops::add);
        for (int i = 0; i < ticks; i++) {
            countdown.tick();
        }
        return countdown;
    }

    @Test
    void stopsTheRunOnceWhenItsSecondsAreOver() {
        assertThat(countdown(3, 2).isOver()).isFalse();
        assertThat(stops).isEmpty();
        assertThat(countdown(3, 5).isOver()).isTrue();
        assertThat(stops).containsExactly(true);
    }

    @Test
    void leavesARunThatHasEnded() {
        TimedRun.Countdown countdown = countdown(3, 2);
        countdown.end();
        countdown.tick();
        assertThat(countdown.isOver()).isFalse();
        assertThat(stops).isEmpty();
    }
}
