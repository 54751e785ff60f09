package io.espalier.plugin.schedules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.option.Options;
import io.espalier.spi.schedule.PruningSchedule;
import io.espalier.spi.schedule.PruningStep;
import io.espalier.testkit.TestingRunContext;
import io.espalier.testkit.contract.ScheduleContract;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LinearScheduleTest extends ScheduleContract {

    @Override
    protected PruningSchedule schedule() {
        return new LinearSchedule();
    }

    @Override
    protected Map<String, String> typedOptions() {
        return Map.of("start", "0.2", "end", "0.6", "steps", "4");
    }

    @Test
    void everyStepGoesTheSameWay() {
        assertThat(steps(1000, 0.5))
                .containsExactly(
                        new PruningStep(300, 0.25),
                        new PruningStep(400, 0.5),
                        new PruningStep(500, 0.75),
                        new PruningStep(600, 1));
    }

    @Test
    void stepsMayShareAMomentOfAShortTraining() {
        assertThat(steps(2, 0.5)).extracting(PruningStep::at).containsExactly(1L, 1L, 1L, 1L);
    }

    @Test
    void anEndBeforeTheStartIsRefused() {
        Options options =
                Options.resolve("schedule 'linear'", schedule().options(), Map.of("start", "0.6", "end", "0.3"));
        assertThatThrownBy(() -> schedule().steps(100, 0.5, options, new TestingRunContext(0)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("schedule 'linear' cannot begin at start=0.6 and end earlier, at end=0.3:"
                        + " give an end that is not before the start");
    }
}
