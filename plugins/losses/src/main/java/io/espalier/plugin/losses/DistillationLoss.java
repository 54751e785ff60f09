package io.espalier.plugin.losses;

import io.espalier.spi.graph.Attribute;
import io.espalier.spi.loss.Loss;
import io.espalier.spi.loss.LossContext;
import io.espalier.spi.option.OptionSpec;
import java.util.List;
import java.util.Map;

/**
 * Divergence of the shares of the classes from those of a teacher, both softened: T^2 KL(softmax(t / T) || softmax(x / T)), with
 * scores x of the model, scores t of the teacher, and a temperature T (Hinton et al., arXiv 1503.02531, section 2). The scores of
 * the teacher are an array of the data.
 */
public final class DistillationLoss implements Loss {

    private static final String TEMPERATURE = "temperature";
    private static final OptionSpec AXIS =
            OptionSpec.text("axis", "auto", "axis of the classes: 1 of at least 4, else the last");

    @Override
    public String name() {
        return "distillation";
    }

    @Override
    public String description() {
        return "Divergence from the softened scores of a teacher, which are the labels.";
    }

    @Override
    public List<OptionSpec> options() {
        return List.of(
                Target.OUTPUT,
                Target.LABELS,
                AXIS,
                OptionSpec.number(TEMPERATURE, 4, 1e-3, 1e6, "what scores are divided by"));
    }

    @Override
    public String of(LossContext context) {
        Target target = Target.of(context);
        if (target.rank() < 2) {
            throw target.unfit("it does not end in scores of classes");
        }
        int axis = Classes.axes(target, context.options().text(AXIS.name())).get(0);
        Classes.count(target, axis).orElseThrow(() -> Own.noClasses(target, axis));
        String scores = Classes.scores(context, target, axis);
        double temperature = context.options().number(TEMPERATURE);
        Map<String, Attribute> along = Map.of("axis", new Attribute.Int(axis));
        String divisor = context.scalar(temperature);
        String teacher = context.apply("LogSoftmax", along, context.apply("Div", target.required(context), divisor));
        String student = context.apply("LogSoftmax", along, context.apply("Div", scores, divisor));
        String excess = context.apply("Sub", teacher, student);
        String divergence = Classes.sum(context, context.apply("Mul", context.apply("Exp", teacher), excess), axis);
        return context.apply("Mul", divergence, context.scalar(temperature * temperature));
    }
}
