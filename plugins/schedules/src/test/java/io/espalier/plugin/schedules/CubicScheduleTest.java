package io.espalier.plugin.schedules;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.spi.schedule.PruningSchedule;
import io.espalier.spi.schedule.PruningStep;
import io.espalier.testkit.contract.ScheduleContract;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class CubicScheduleTest extends ScheduleContract {

    @Override
    protected PruningSchedule schedule() {
        return new CubicSchedule();
    }

    @Override
    protected Map<String, String> typedOptions() {
        return Map.of("start", "0.1", "end", "0.9", "steps", "8");
    }

    /** Equation 1 of arXiv 1710.01878 in its own terms: t_0 = 100, n = 8, dt = 100, s_i = 0, s_f = 0.6. */
    @Test
    void followsTheEquationOfThePaper() {
        double finalSparsity = 0.6;
        List<PruningStep> steps = steps(1000, 1 - finalSparsity);
        assertThat(steps).extracting(PruningStep::at).containsExactly(200L, 300L, 400L, 500L, 600L, 700L, 800L, 900L);
        for (PruningStep step : steps) {
            double left = 1 - (step.at() - 100) / (8 * 100.0);
            double sparsity = finalSparsity + (0 - finalSparsity) * left * left * left;
            assertThat(1 - step.remaining(1 - finalSparsity))
                    .as("sparsity at %d", step.at())
                    .isCloseTo(sparsity, Offset.offset(1e-12));
        }
    }

    @Test
    void halfWayLeavesAnEighth() {
        assertThat(steps(1000, 0.5).get(3)).isEqualTo(new PruningStep(500, 0.875));
    }
}
