package io.espalier.plugin.schedules;

import io.espalier.spi.RunContext;
import io.espalier.spi.option.OptionSpec;
import io.espalier.spi.option.Options;
import io.espalier.spi.schedule.PruningSchedule;
import io.espalier.spi.schedule.PruningStep;
import java.util.List;

/** One cut as soon as the choice of channels has settled, at the latest at a share of the training. */
abstract class SettlingSchedule implements PruningSchedule {

    private static final String END = "end";

    /** The option that says when the cut is made at the latest. */
    static OptionSpec end(double latest) {
        return OptionSpec.number(END, latest, 0, 1, "Share of training after which the cut is made at the latest.");
    }

    @Override
    public final List<PruningStep> steps(long length, double remaining, Options options, RunContext context) {
        return List.of(new PruningStep(Math.round(options.number(END) * length), 1));
    }

    @Override
    public final boolean observes() {
        return true;
    }
}
