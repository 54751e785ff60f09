package io.espalier.plugin.schedules;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.spi.option.Options;
import io.espalier.spi.schedule.PruningSchedule;
import io.espalier.spi.schedule.PruningStep;
import io.espalier.testkit.TestingRunContext;
import io.espalier.testkit.contract.ScheduleContract;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OneShotScheduleTest extends ScheduleContract {

    @Override
    protected PruningSchedule schedule() {
        return new OneShotSchedule();
    }

    @Test
    void cutsBeforeTrainingByDefault() {
        assertThat(steps(1000, 0.5)).containsExactly(new PruningStep(0, 1));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "0.25, 250", "1, 1000"})
    void cutsWhereItIsTold(String at, long expected) {
        Options options = Options.resolve("schedule 'one-shot'", schedule().options(), Map.of("at", at));
        assertThat(schedule().steps(1000, 0.5, options, new TestingRunContext(0)))
                .containsExactly(new PruningStep(expected, 1));
    }
}
