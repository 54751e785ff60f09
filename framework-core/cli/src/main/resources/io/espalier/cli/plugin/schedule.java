package {package};

import io.espalier.spi.RunContext;
import io.espalier.spi.option.OptionSpec;
import io.espalier.spi.option.Options;
import io.espalier.spi.schedule.PruningSchedule;
import io.espalier.spi.schedule.PruningStep;
import java.util.List;

/** Half of the way at a moment of the training, the rest at twice of it. Put your rule and its source here. */
public final class {class} implements PruningSchedule {

    @Override
    public String name() {
        return "{name}";
    }

    @Override
    public String description() {
        return "Two cuts, half of the way each.";
    }

    @Override
    public List<OptionSpec> options() {
        return List.of(OptionSpec.number("first", 0.25, 0, 0.5, "Share of training after which the first cut comes."));
    }

    @Override
    public List<PruningStep> steps(long length, double remaining, Options options, RunContext context) {
        double first = options.number("first") * length;
        return List.of(new PruningStep(Math.round(first), 0.5), new PruningStep(Math.round(2 * first), 1));
    }
}
