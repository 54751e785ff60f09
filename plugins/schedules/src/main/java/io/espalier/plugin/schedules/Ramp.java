package io.espalier.plugin.schedules;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.option.OptionSpec;
import io.espalier.spi.option.Options;
import io.espalier.spi.schedule.PruningStep;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/** Equally spaced cuts between two moments of training, with progress along a curve. */
final class Ramp {

    static final List<OptionSpec> OPTIONS = List.of(
            OptionSpec.number("start", 0, 0, 1, "Share of training after which the way to the target begins."),
            OptionSpec.number("end", 0.5, 0, 1, "Share of training after which the target is reached."),
            OptionSpec.integer("steps", 10, 1, 1000, "Number of cuts."));

    private Ramp() {}

    /**
     * The cuts. Nothing is pruned at {@code start}; the first cut is one interval later, as training goes on before it.
     *
     * @param owner name of the schedule, for messages
     * @param curve progress by the share of intervals that are over: ascending, 1 at 1
     */
    static List<PruningStep> steps(String owner, long length, Options options, DoubleUnaryOperator curve) {
        double start = options.number("start");
        double end = options.number("end");
        if (start > end) {
            throw new InvalidInputException("schedule '" + owner + "' cannot begin at start=" + options.text("start")
                    + " and end earlier, at end=" + options.text("end") + ": give an end that is not before the start");
        }
        long count = options.integer("steps");
        List<PruningStep> steps = new ArrayList<>();
        for (long step = 1; step <= count; step++) {
            double over = (double) step / count;
            steps.add(new PruningStep(Math.round((start + over * (end - start)) * length), curve.applyAsDouble(over)));
        }
        return List.copyOf(steps);
    }
}
