package io.espalier.plugin.losses;

import io.espalier.spi.loss.Loss;
import io.espalier.spi.loss.LossContext;
import io.espalier.spi.option.OptionSpec;
import java.util.List;

/**
 * Mean of the squared differences between an output and labels of the same shape. With {@code output} and {@code labels} it
 * compares inner values of the model with those of a teacher: distillation of features (Romero et al., arXiv 1412.6550, equation
 * 3, without the regressor).
 */
public final class MeanSquaredErrorLoss implements Loss {

    @Override
    public String name() {
        return "mse";
    }

    @Override
    public String description() {
        return "Mean squared difference between an output, or an inner value, and labels of its shape.";
    }

    @Override
    public List<OptionSpec> options() {
        return List.of(Target.OUTPUT, Target.LABELS);
    }

    @Override
    public String of(LossContext context) {
        Target target = Target.of(context);
        String difference = context.apply("Sub", target.name(), target.required(context));
        return context.apply("Mul", difference, difference);
    }
}
