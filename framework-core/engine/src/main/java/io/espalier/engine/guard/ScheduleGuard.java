package io.espalier.engine.guard;

import io.espalier.spi.RunContext;
import io.espalier.spi.option.Options;
import io.espalier.spi.schedule.ChannelChoice;
import io.espalier.spi.schedule.PruningSchedule;
import io.espalier.spi.schedule.PruningStep;
import java.util.List;

/** Calls a schedule and checks what it promises. Thread-safe. */
public final class ScheduleGuard {

    private final PruningSchedule schedule;
    private final ProviderGuard guard;

    public ScheduleGuard(PruningSchedule schedule) {
        this.schedule = schedule;
        this.guard = new ProviderGuard(schedule);
    }

    /** The cuts of a training, as {@link PruningSchedule#steps} says. */
    public List<PruningStep> steps(long length, double remaining, Options options, RunContext context) {
        List<PruningStep> steps =
                List.copyOf(guard.call("steps", () -> schedule.steps(length, remaining, options, context)));
        guard.require(
                !steps.isEmpty() && steps.get(steps.size() - 1).progress() == 1,
                "it gave " + steps.size() + " steps",
                "the last of at least one has progress 1");
        for (int i = 0; i < steps.size(); i++) {
            PruningStep step = steps.get(i);
            PruningStep before = steps.get(Math.max(0, i - 1));
            guard.require(
                    step.at() >= before.at() && step.at() <= length && step.progress() >= before.progress(),
                    "it gave " + step + " after " + before,
                    "no step goes back, or comes after the end of training at " + length);
        }
        return steps;
    }

    /** As {@link PruningSchedule#observes} says. */
    public boolean observes() {
        return guard.call("observes", schedule::observes);
    }

    /** As {@link PruningSchedule#isSettled} says. */
    public boolean isSettled(List<ChannelChoice> choices, Options options) {
        return guard.call("isSettled", () -> schedule.isSettled(choices, options));
    }
}
