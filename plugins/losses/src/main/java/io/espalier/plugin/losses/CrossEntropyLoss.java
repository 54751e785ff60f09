package io.espalier.plugin.losses;

import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.loss.Loss;
import io.espalier.spi.loss.LossContext;
import io.espalier.spi.option.OptionSpec;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Cross-entropy: -sum_c t_c log softmax(x / T)_c, with shares t of the classes c, scores x and a temperature T.
 *
 * <p>Labels are classes, or shares of the classes in the shape of the output. Without labels t is the class that the model
 * predicts; classes that share the largest score share it. Positions whose label is no class of the model, as -100 or any other number
 * below 0, are ignored: the mean of an example is taken over its other positions. Smoothing (Szegedy et al., arXiv 1512.00567, section 7) mixes t with equal shares.
 */
public final class CrossEntropyLoss implements Loss {

    private static final String SMOOTHING = "smoothing";
    private static final String TEMPERATURE = "temperature";
    private static final OptionSpec AXIS = OptionSpec.text(
            "axis", "auto", "axis of the classes: that which the labels lack, else 1 of at least 4, else the last");

    @Override
    public String name() {
        return "cross-entropy";
    }

    @Override
    public String description() {
        return "Cross-entropy of scores of classes with classes or shares of classes.";
    }

    @Override
    public List<OptionSpec> options() {
        return List.of(
                Target.OUTPUT,
                Target.LABELS,
                Own.TRUTH,
                AXIS,
                OptionSpec.number(SMOOTHING, 0, 0, 1, "share of each label that is spread evenly over all classes"),
                OptionSpec.number(TEMPERATURE, 1, 1e-6, 1e6, "what the scores are divided by"));
    }

    @Override
    public String of(LossContext context) {
        Target target = Target.of(context);
        if (target.rank() < 2) {
            throw target.unfit("it does not end in scores of classes");
        }
        List<ValueType> forms = new ArrayList<>();
        List<Integer> axes = Classes.axes(target, context.options().text(AXIS.name()));
        axes.forEach(axis -> forms.add(target.without(axis)));
        forms.add(target.alike());
        Optional<String> labels = Own.labels(context, target, forms);
        int axis = labels.flatMap(context::type)
                .flatMap(ValueType::shape)
                .filter(shape -> shape.size() < target.rank())
                .map(shape -> Classes.missing(target, shape, axes))
                .orElse(axes.get(0));
        long count = Classes.count(target, axis).orElseThrow(() -> Own.noClasses(target, axis));
        String scores = Classes.scores(context, target, axis);
        String truth = labels.map(each -> shares(context, each, axis, count))
                .orElseGet(() -> Classes.predicted(context, scores, axis));
        String each = Classes.crossEntropy(context, cooled(context, scores), smoothed(context, truth, count), axis);
        return labels.filter(given -> hasIgnored(context, given))
                .map(given -> Classes.overCounted(context, each, truth, axis, target.rank() - 1))
                .orElse(each);
    }

    /** Whether labels are classes of positions, some of which may be ignored. */
    private static boolean hasIgnored(LossContext context, String labels) {
        ValueType type = context.type(labels).orElseThrow();
        return type.type() == DataType.INT64 && type.shape().map(List::size).orElse(0) > 1;
    }

    private static String cooled(LossContext context, String scores) {
        double temperature = context.options().number(TEMPERATURE);
        return temperature == 1 ? scores : context.apply("Div", scores, context.scalar(temperature));
    }

    private static String shares(LossContext context, String labels, int axis, long count) {
        ValueType type = context.type(labels).orElseThrow();
        if (type.type() != DataType.INT64) {
            return labels;
        }
        if (type.shape().map(List<Dimension>::size).orElse(0) == 1) {
            context.requireClasses(labels, count);
        }
        String depth = context.constant(Tensors.longs(List.of(), count));
        String below = context.apply("Less", labels, context.constant(Tensors.longs(List.of(), 0)));
        String classes = context.apply("Where", below, depth, labels);
        String values = context.constant(Tensors.floats(List.of(2L), 0, 1));
        return context.apply("OneHot", Map.of("axis", new Attribute.Int(axis)), classes, depth, values);
    }

    private static String smoothed(LossContext context, String truth, long count) {
        double smoothing = context.options().number(SMOOTHING);
        if (smoothing == 0) {
            return truth;
        }
        String kept = context.apply("Mul", truth, context.scalar(1 - smoothing));
        return context.apply("Add", kept, context.scalar(smoothing / count));
    }
}
