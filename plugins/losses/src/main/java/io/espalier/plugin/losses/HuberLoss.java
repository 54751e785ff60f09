package io.espalier.plugin.losses;

import io.espalier.spi.loss.Loss;
import io.espalier.spi.loss.LossContext;
import io.espalier.spi.option.OptionSpec;
import java.util.List;

/**
 * Huber's loss of the differences d between an output and labels of the same shape: d^2 / 2 up to {@code delta}, and
 * delta (|d| - delta / 2) beyond (Huber, "Robust Estimation of a Location Parameter", 1964).
 */
public final class HuberLoss implements Loss {

    private static final String DELTA = "delta";

    @Override
    public String name() {
        return "huber";
    }

    @Override
    public String description() {
        return "Squared differences between an output and labels of its shape, growing linearly where they are large.";
    }

    @Override
    public List<OptionSpec> options() {
        return List.of(
                Target.OUTPUT,
                Target.LABELS,
                OptionSpec.number(
                        DELTA, 1, 1e-6, 1e6, "magnitude of a difference from which on the loss grows linearly"));
    }

    /** With m = min(|d|, delta) both cases are m (|d| - m / 2). */
    @Override
    public String of(LossContext context) {
        Target target = Target.of(context);
        double delta = context.options().number(DELTA);
        String magnitude = context.apply("Abs", context.apply("Sub", target.name(), target.required(context)));
        String limited = context.apply("Min", magnitude, context.scalar(delta));
        String half = context.apply("Mul", limited, context.scalar(0.5));
        return context.apply("Mul", limited, context.apply("Sub", magnitude, half));
    }
}
