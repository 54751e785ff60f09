package io.espalier.plugin.schedules;

import io.espalier.spi.RunContext;
import io.espalier.spi.option.OptionSpec;
import io.espalier.spi.option.Options;
import io.espalier.spi.schedule.PruningSchedule;
import io.espalier.spi.schedule.PruningStep;
import java.util.List;

/**
 * Equal cuts: after k of n steps, k/n of what the target removes is gone.
 *
 * <p>The iterative schedule of DepGraph (Fang et al., arXiv 2301.12900). The last cuts are the hardest on a network, as
 * they take the largest share of what is left.
 */
public final class LinearSchedule implements PruningSchedule {

    @Override
    public String name() {
        return "linear";
    }

    @Override
    public String description() {
        return "Every cut removes the same share of the unpruned network.";
    }

    @Override
    public List<OptionSpec> options() {
        return Ramp.OPTIONS;
    }

    @Override
    public List<PruningStep> steps(long length, double remaining, Options options, RunContext context) {
        return Ramp.steps(name(), length, options, over -> over);
    }
}
