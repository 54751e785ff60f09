package io.espalier.engine.verify;

import java.util.ArrayList;
import java.util.List;

/** How much the runs of one output differ, and the range of its values over all runs. */
final class ComparedOutput {

    private final List<Run> runs = new ArrayList<>();
    private double lowest = Double.POSITIVE_INFINITY;
    private double highest = Double.NEGATIVE_INFINITY;

    /** The largest difference and the largest magnitude of a run. */
    private record Run(double difference, double magnitude) {}

    void see(double value) {
        lowest = Math.min(lowest, value);
        highest = Math.max(highest, value);
    }

    void add(double difference, double magnitude) {
        runs.add(new Run(difference, magnitude));
    }

    /** Whether some value is not constant, within a run or from run to run. */
    boolean varies() {
        return highest > lowest;
    }

    /**
     * The largest difference of a run relative to its magnitude. An output that hardly varies hides in its magnitude what
     * goes wrong, so the spread takes its place where it is smaller.
     *
     * @param narrowest the share of its magnitude that the output is taken to vary by at least
     */
    double relative(double narrowest) {
        double spread = Math.max(0, highest - lowest);
        return runs.stream()
                .mapToDouble(run ->
                        run.difference() / Math.min(run.magnitude(), Math.max(spread, narrowest * run.magnitude())))
                .max()
                .orElse(0);
    }
}
