package io.espalier.engine.allocate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/**
 * Units of a group joined so that each saves time: where a runtime takes as long for a few channels less, nothing is gained before
 * the next width at which it is faster. The widths that are left are those on the lower convex hull of lost score over saved time,
 * of which the best cuts of a linear knapsack are made.
 */
final class FasterWidths {

    private FasterWidths() {}

    /** Units that go together. */
    private record Step(List<Unit> units, double score, double saved) {

        /** Score lost for the time saved; as good as infinite where nothing is saved. */
        double price() {
            return saved > 0 ? score / saved : score < 0 ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }

        Step with(Step next) {
            List<Unit> all = new ArrayList<>(units);
            all.addAll(next.units);
            return new Step(all, score + next.score, saved + next.saved);
        }
    }

    /**
     * The joined units, without those at the end that save nothing.
     *
     * @param units units of a group, in the order of their removal
     * @param saved the time that is saved when so many channels are removed
     */
    static List<Unit> of(List<Unit> units, IntToDoubleFunction saved) {
        List<Step> steps = new ArrayList<>();
        int removed = 0;
        for (Unit unit : units) {
            double before = saved.applyAsDouble(removed);
            removed += unit.channels().length;
            double score = unit.score() * unit.channels().length;
            Step step = new Step(List.of(unit), score, saved.applyAsDouble(removed) - before);
            while (!steps.isEmpty() && steps.get(steps.size() - 1).price() >= step.price()) {
                step = steps.remove(steps.size() - 1).with(step);
            }
            steps.add(step);
        }
        List<Unit> joined = new ArrayList<>();
        double last = Double.NEGATIVE_INFINITY;
        for (Step step : steps) {
            if (step.saved() > 0 || step.score() < 0) {
                Unit unit = joined(step, joined.size(), last);
                joined.add(unit);
                last = unit.score();
            }
        }
        return joined;
    }

    private static Unit joined(Step step, int order, double last) {
        int[] channels = step.units().stream()
                .flatMapToInt(unit -> Arrays.stream(unit.channels()))
                .toArray();
        // The mean must not change the order within the group.
        return new Unit(step.units().get(0).group(), order, channels, Math.max(last, step.score() / channels.length));
    }
}
