package io.espalier.engine.evidence;

import io.espalier.engine.loss.ChosenLoss;
import io.espalier.graph.operator.Nodes;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.loss.Loss;
import io.espalier.spi.loss.LossContext;
import io.espalier.spi.option.Options;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The cross-entropy of a linear classifier of features in the middle of a network, averaged over everything but examples and channels.
 * The truth are the classes of the data, or those that the network itself predicts.
 */
record MiddleLoss(MiddlePoint point, SoftmaxRegression classifier, boolean hasClasses) implements Loss {

    ChosenLoss chosen() {
        return new ChosenLoss(this, Options.none());
    }

    @Override
    public String name() {
        return "middle-classifier";
    }

    @Override
    public String description() {
        return "Cross-entropy of a linear classifier in the middle of the network.";
    }

    @Override
    public String of(LossContext context) {
        String scores = context.apply(
                "Add",
                product(context),
                context.constant(Tensors.fromDoubles(
                        DataType.FLOAT32, List.of((long) classifier.bias().length), classifier.bias())));
        String truth = hasClasses ? classes(context) : predicted(context);
        String logarithms = context.apply("LogSoftmax", Map.of("axis", new Attribute.Int(1)), scores);
        return context.apply("Neg", sum(context, context.apply("Mul", truth, logarithms), 0));
    }

    private String product(LossContext context) {
        return context.add(Nodes.multiplyMatrices(features(context), context.constant(weight()), "scores"))
                .get(0);
    }

    private String features(LossContext context) {
        return point.pooled().length == 0
                ? point.value()
                : context.apply(
                        "ReduceMean",
                        Map.of("keepdims", new Attribute.Int(0)),
                        point.value(),
                        context.constant(Tensors.vector(point.pooled())));
    }

    private Tensor weight() {
        List<Long> shape = List.of((long) classifier.weight().length, (long) classifier.bias().length);
        double[] elements = Arrays.stream(classifier.weight())
                .flatMapToDouble(Arrays::stream)
                .toArray();
        return Tensors.fromDoubles(DataType.FLOAT32, shape, elements);
    }

    private String classes(LossContext context) {
        ValueType form = new ValueType(DataType.INT64, Optional.of(List.of(new Dimension.Unknown())));
        String labels = context.labels("", List.of(form)).orElseThrow();
        String depth = context.constant(Tensors.longs(List.of(), classifier.bias().length));
        return context.apply("OneHot", labels, depth, context.constant(Tensors.floats(List.of(2L), 0, 1)));
    }

    /** Classes that share the largest score share it. */
    private static String predicted(LossContext context) {
        String scores = context.outputs().get(0);
        String largest = context.apply("ReduceMax", scores, context.constant(Tensors.vector(1)));
        String ties =
                context.apply("Cast", Map.of("to", new Attribute.Int(1)), context.apply("Equal", scores, largest));
        return context.apply("Div", ties, sum(context, ties, 1));
    }

    private static String sum(LossContext context, String value, long kept) {
        return context.apply(
                "ReduceSum", Map.of("keepdims", new Attribute.Int(kept)), value, context.constant(Tensors.vector(1)));
    }
}
