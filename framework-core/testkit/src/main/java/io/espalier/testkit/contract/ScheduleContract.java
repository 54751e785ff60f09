package io.espalier.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.spi.schedule.PruningSchedule;
import io.espalier.spi.schedule.PruningStep;
import io.espalier.testkit.TestingRunContext;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a {@link PruningSchedule} owes a trainer: steps in order, within training, that end at the target. */
public abstract class ScheduleContract extends ProviderContract<PruningSchedule> {

    private static final int TRAININGS = 200;
    private static final long SEED = 20260101;

    protected ScheduleContract() {
        super(PruningSchedule.class);
    }

    /** A new instance of the schedule under test. */
    protected abstract PruningSchedule schedule();

    @Override
    protected final PruningSchedule provider() {
        return schedule();
    }

    /** The steps of a training with the options under test. */
    protected final List<PruningStep> steps(long length, double remaining) {
        return schedule().steps(length, remaining, options(), new TestingRunContext(SEED));
    }

    @Test
    void stepsLieWithinTraining() {
        forEachTraining((what, length, remaining) -> assertThat(steps(length, remaining))
                .as(what)
                .isNotEmpty()
                .allSatisfy(step -> assertThat(step.at()).isBetween(0L, length)));
    }

    @Test
    void stepsGoBackNeitherInTimeNorInProgress() {
        forEachTraining((what, length, remaining) -> assertThat(steps(length, remaining))
                .as(what)
                .isSortedAccordingTo(Comparator.comparingLong(PruningStep::at))
                .isSortedAccordingTo(Comparator.comparingDouble(PruningStep::progress)));
    }

    @Test
    void theLastStepReachesTheTarget() {
        forEachTraining((what, length, remaining) -> assertThat(steps(length, remaining))
                .as(what)
                .last()
                .satisfies(step -> assertThat(step.remaining(remaining)).isEqualTo(remaining)));
    }

    @Test
    void stepsAreReproducible() {
        forEachTraining((what, length, remaining) ->
                assertThat(steps(length, remaining)).as(what).isEqualTo(steps(length, remaining)));
    }

    @Test
    void withoutTrainingEverythingHappensBefore() {
        assertThat(steps(0, 0.5)).isNotEmpty().allMatch(step -> step.at() == 0);
    }

    private interface Training {

        void accept(String what, long length, double remaining);
    }

    private static void forEachTraining(Training check) {
        for (int seed = 0; seed < TRAININGS; seed++) {
            Random random = new Random(seed);
            long length = random.nextInt(1 << random.nextInt(20));
            double remaining = 0.01 + 0.98 * random.nextDouble();
            check.accept("seed " + seed + ", length " + length + ", remaining " + remaining, length, remaining);
        }
    }
}
