package io.espalier.plugin.schedules;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.spi.schedule.PruningSchedule;
import io.espalier.spi.schedule.PruningStep;
import io.espalier.testkit.contract.ScheduleContract;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ExponentialScheduleTest extends ScheduleContract {

    private static final Offset<Double> EXACT = Offset.offset(1e-12);

    @Override
    protected PruningSchedule schedule() {
        return new ExponentialSchedule();
    }

    @Override
    protected Map<String, String> typedOptions() {
        return Map.of("start", "0", "end", "1", "steps", "3");
    }

    /** Rounds of 20 %, as in arXiv 1803.03635: 0.8, 0.64 and 0.512 of the network remain. */
    @Test
    void everyRoundTakesTheSameShareOfWhatIsLeft() {
        double target = 0.8 * 0.8 * 0.8;
        double before = 1;
        for (PruningStep step : steps(300, target)) {
            double remaining = step.remaining(target);
            assertThat(remaining / before).as("round at %d", step.at()).isCloseTo(0.8, EXACT);
            before = remaining;
        }
        assertThat(steps(300, target)).extracting(PruningStep::at).containsExactly(100L, 200L, 300L);
    }
}
