package io.espalier.plugin.schedules;

import io.espalier.spi.RunContext;
import io.espalier.spi.option.OptionSpec;
import io.espalier.spi.option.Options;
import io.espalier.spi.schedule.PruningSchedule;
import io.espalier.spi.schedule.PruningStep;
import java.util.List;

/**
 * One cut to the target, before, during or after training.
 *
 * <p>Before training with trained weights this is prune and fine-tune (Li et al., arXiv 1608.08710). Not for targets that
 * remove most of a network: scores taken at full width say little about what is left then.
 */
public final class OneShotSchedule implements PruningSchedule {

    @Override
    public String name() {
        return "one-shot";
    }

    @Override
    public String description() {
        return "One cut to the target, before training unless told otherwise.";
    }

    @Override
    public List<OptionSpec> options() {
        return List.of(OptionSpec.number("at", 0, 0, 1, "Share of training after which to cut: 0 before, 1 after."));
    }

    @Override
    public List<PruningStep> steps(long length, double remaining, Options options, RunContext context) {
        return List.of(new PruningStep(Math.round(options.number("at") * length), 1));
    }
}
