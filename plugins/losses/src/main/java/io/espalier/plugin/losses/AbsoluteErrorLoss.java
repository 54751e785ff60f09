package io.espalier.plugin.losses;

import io.espalier.spi.loss.Loss;
import io.espalier.spi.loss.LossContext;
import io.espalier.spi.option.OptionSpec;
import java.util.List;

/** Mean of the magnitudes of the differences between an output and labels of the same shape. */
public final class AbsoluteErrorLoss implements Loss {

    @Override
    public String name() {
        return "l1";
    }

    @Override
    public String description() {
        return "Mean magnitude of the differences between an output and labels of its shape.";
    }

    @Override
    public List<OptionSpec> options() {
        return List.of(Target.OUTPUT, Target.LABELS);
    }

    @Override
    public String of(LossContext context) {
        Target target = Target.of(context);
        return context.apply("Abs", context.apply("Sub", target.name(), target.required(context)));
    }
}
