package io.espalier.plugin.schedules;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.spi.option.Options;
import io.espalier.spi.schedule.ChannelChoice;
import io.espalier.spi.schedule.PruningSchedule;
import io.espalier.spi.schedule.PruningStep;
import io.espalier.testkit.contract.ScheduleContract;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EarlyBirdScheduleTest extends ScheduleContract {

    @Override
    protected PruningSchedule schedule() {
        return new EarlyBirdSchedule();
    }

    private static boolean settled(Map<String, String> typed, String... masks) {
        EarlyBirdSchedule schedule = new EarlyBirdSchedule();
        return schedule.isSettled(TestingChoices.of(masks), Options.resolve("schedule", schedule.options(), typed));
    }

    @Test
    void oneCutAtTheLatest() {
        assertThat(steps(100, 0.5)).containsExactly(new PruningStep(50, 1));
        assertThat(schedule().observes()).isTrue();
    }

    /** Ten channels: one that differs is a distance of 0.1. */
    @Test
    void masksOfFiveEpochsAreComparedWithTheLast() {
        String same = "11000 11000";
        String near = "11000 10000";
        String far = "11000 00110";
        assertThat(settled(Map.of(), same, same, same, same)).isFalse();
        assertThat(settled(Map.of(), same, same, same, same, same)).isTrue();
        assertThat(settled(Map.of(), same, near, same, near, same)).isTrue();
        assertThat(settled(Map.of(), far, same, same, same, same)).isFalse();
        assertThat(settled(Map.of(), far, same, same, same, same, same)).isTrue();
        assertThat(settled(Map.of(), same, same, same, same, far)).isFalse();
        assertThat(settled(Map.of("distance", "0"), same, near, same, same, same))
                .isFalse();
        assertThat(settled(Map.of("masks", "2"), far, same, same)).isTrue();
    }

    @Test
    void channelsCountAlikeWhateverTheirGroup() {
        List<ChannelChoice> choices = TestingChoices.of("1 000000000", "0 000000000");
        assertThat(schedule()
                        .isSettled(
                                choices, Options.resolve("schedule", schedule().options(), Map.of("masks", "2"))))
                .isTrue();
    }
}
