package io.espalier.engine.run;

import io.espalier.engine.allocate.Target;
import io.espalier.engine.allocate.Target.Metric;
import io.espalier.engine.coupling.channel.Groups;
import io.espalier.engine.plan.Plan;
import io.espalier.engine.plan.Plan.PlannedGroup;
import io.espalier.graph.cost.Cost;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.schedule.PruningStep;
import java.util.Optional;

/**
 * How far each cut of a schedule goes.
 *
 * @param analysis the original
 * @param target what the last cut is to leave of it
 */
record CutTargets(Analysis analysis, Target target) {

    /**
     * What the target leaves, as a share.
     *
     * @throws InvalidInputException when nothing has to be removed for it
     */
    double share() {
        long before = before();
        double share = target.isShare() ? target.amount().doubleValue() / 100 : (double) target.limit(before) / before;
        if (!(share < 1)) {
            throw new InvalidInputException("The target '" + target
                    + "' is met before anything is removed; give a smaller one, or train with 'espalier train'.");
        }
        return share;
    }

    /** The way to the target is counted in equal shares of what is left; schedules count in shares of the whole. */
    double progress(PruningStep step) {
        double share = share();
        return step.progress() == 1 ? 1 : Math.log(step.remaining(share)) / Math.log(share);
    }

    /**
     * What a cut is to leave of what is there.
     *
     * @param last the plan of the cut before, which says all that is gone; empty for the first
     */
    Target of(PruningStep step, Optional<Plan> last) {
        double progress = progress(step);
        return last.isEmpty() && progress == 1
                ? target
                : target.within(
                        target.limit(before(), progress), last.map(this::left).orElseGet(this::before));
    }

    /** What there is of the target's metric in the original. */
    private long before() {
        return target.metric() == Metric.CHANNELS
                ? Groups.of(analysis.coupling(), each -> 0).stream()
                        .mapToLong(group -> group.channels().size())
                        .sum()
                : amount(analysis.original());
    }

    private long left(Plan plan) {
        return target.metric() == Metric.CHANNELS
                ? plan.groups().stream().mapToLong(PlannedGroup::kept).sum()
                : amount(plan.predicted());
    }

    private long amount(Cost cost) {
        return switch (target.metric()) {
            case MACS -> cost.macs();
            case PARAMS -> cost.parameters();
            case BYTES -> cost.bytes();
            case CHANNELS, LATENCY -> throw new IllegalArgumentException(target.metric() + " follows from no costs");
        };
    }
}
