package io.espalier.plugin.schedules;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.spi.option.Options;
import io.espalier.spi.schedule.PruningSchedule;
import io.espalier.spi.schedule.PruningStep;
import io.espalier.testkit.contract.ScheduleContract;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StableScheduleTest extends ScheduleContract {

    @Override
    protected PruningSchedule schedule() {
        return new StableSchedule();
    }

    private static boolean settled(Map<String, String> typed, String... masks) {
        StableSchedule schedule = new StableSchedule();
        return schedule.isSettled(TestingChoices.of(masks), Options.resolve("schedule", schedule.options(), typed));
    }

    @Test
    void oneCutAtTheLatest() {
        assertThat(steps(100, 0.5)).containsExactly(new PruningStep(43, 1));
        assertThat(schedule().observes()).isTrue();
    }

    @Test
    void threeSimilaritiesOfChoicesTwoEpochsApart() {
        String same = "1100 10";
        String other = "1010 10";
        assertThat(settled(Map.of(), same, same, same, same)).isFalse();
        assertThat(settled(Map.of(), same, same, same, same, same)).isTrue();
        assertThat(settled(Map.of(), other, same, same, same, same)).isFalse();
        assertThat(settled(Map.of(), other, same, same, same, same, same)).isTrue();
    }

    /**
     * Groups count alike: {2,3} and {1,3} share one of three channels, the other group is the same, which makes 2/3; the next two choices
     * are equal, which makes 5/6 in the mean.
     */
    @Test
    void jaccardOfWhatStaysInTheMeanOverGroups() {
        String same = "1100 10";
        String other = "1010 10";
        String[] masks = {other, same, same};
        assertThat(settled(Map.of("window", "2", "similarity", "0.83"), masks)).isTrue();
        assertThat(settled(Map.of("window", "2", "similarity", "0.84"), masks)).isFalse();
    }
}
