package io.espalier.plugin.schedules;

import io.espalier.spi.RunContext;
import io.espalier.spi.option.OptionSpec;
import io.espalier.spi.option.Options;
import io.espalier.spi.schedule.PruningSchedule;
import io.espalier.spi.schedule.PruningStep;
import java.util.List;

/**
 * Large cuts first, small ones last.
 *
 * <p>Zhu and Gupta, "To prune, or not to prune" (arXiv 1710.01878, section 3, equation 1) with initial sparsity
 * {@code s_i = 0}: {@code s_t = s_f + (s_i - s_f) (1 - (t - t_0) / (n dt))^3}, hence progress
 * {@code s_t / s_f = 1 - (1 - k/n)^3} after step k of n. The paper advises an end where the learning rate is still high
 * enough to recover.
 */
public final class CubicSchedule implements PruningSchedule {

    @Override
    public String name() {
        return "cubic";
    }

    @Override
    public String description() {
        return "Large cuts first, small ones last, along a cubic curve (automated gradual pruning).";
    }

    @Override
    public List<OptionSpec> options() {
        return Ramp.OPTIONS;
    }

    @Override
    public List<PruningStep> steps(long length, double remaining, Options options, RunContext context) {
        return Ramp.steps(name(), length, options, over -> 1 - Math.pow(1 - over, 3));
    }
}
