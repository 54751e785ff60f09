package io.espalier.plugin.schedules;

import io.espalier.spi.RunContext;
import io.espalier.spi.option.OptionSpec;
import io.espalier.spi.option.Options;
import io.espalier.spi.schedule.PruningSchedule;
import io.espalier.spi.schedule.PruningStep;
import java.util.List;

/**
 * Every cut takes the same share of what is left: a target of r in n steps leaves {@code r^(k/n)} after step k.
 *
 * <p>The iterative pruning of Han et al. (arXiv 1506.02626) and of the lottery ticket hypothesis (Frankle and Carbin,
 * arXiv 1803.03635, section 2), there with 20 % a round and without a target: {@code steps = log(r) / log(0.8)} gives that
 * rate. Going back to the first weights after a round is the trainer's business.
 */
public final class ExponentialSchedule implements PruningSchedule {

    @Override
    public String name() {
        return "exponential";
    }

    @Override
    public String description() {
        return "Every cut removes the same share of what is left.";
    }

    @Override
    public List<OptionSpec> options() {
        return Ramp.OPTIONS;
    }

    @Override
    public List<PruningStep> steps(long length, double remaining, Options options, RunContext context) {
        return Ramp.steps(name(), length, options, over -> (1 - Math.pow(remaining, over)) / (1 - remaining));
    }
}
