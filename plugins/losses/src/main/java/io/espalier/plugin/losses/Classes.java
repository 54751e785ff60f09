package io.espalier.plugin.losses;

import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.loss.LossContext;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;

/** Scores of classes along an axis of an output. */
final class Classes {

    private static final int IMAGE_RANK = 4;

    private Classes() {}

    /**
     * The axes that may hold the classes, the most likely first.
     *
     * @param asked the axis that was asked for, or auto
     */
    static List<Integer> axes(Target target, String asked) {
        int last = target.rank() - 1;
        if (!asked.equals("auto")) {
            return List.of(axis(target, asked));
        }
        if (last == 1) {
            return List.of(1);
        }
        return target.rank() >= IMAGE_RANK ? List.of(1, last) : List.of(last, 1);
    }

    private static int axis(Target target, String asked) {
        int axis = asked.matches("-?\\d{1,3}") ? Integer.parseInt(asked) : 0;
        int fromFront = axis < 0 ? axis + target.rank() : axis;
        if (fromFront < 1 || fromFront >= target.rank()) {
            throw target.unfit("axis " + asked + " is none of its axes behind the examples");
        }
        return fromFront;
    }

    /** The axis that labels lack. */
    static int missing(Target target, List<Dimension> labels, List<Integer> axes) {
        return axes.stream()
                .filter(axis -> rest(target, axis).equals(labels.subList(1, labels.size())))
                .findFirst()
                .orElse(axes.get(0));
    }

    private static List<Dimension> rest(Target target, int axis) {
        List<Dimension> rest = new ArrayList<>(target.shape());
        rest.remove(axis);
        return rest.subList(1, rest.size());
    }

    /** The number of classes; empty when it is open or less than two. */
    static Optional<Long> count(Target target, int axis) {
        return target.shape().get(axis) instanceof Dimension.Fixed fixed && fixed.extent() > 1
                ? Optional.of(fixed.extent())
                : Optional.empty();
    }

    /** The scores that an output is the softmax of along an axis; the output itself when it is something else. */
    static String scores(LossContext context, Target target, int axis) {
        return scores(context, target, each -> each == axis);
    }

    /** The scores that an output is the softmax of; the output itself when it is something else. */
    static String scores(LossContext context, Target target) {
        return scores(context, target, each -> true);
    }

    private static String scores(LossContext context, Target target, LongPredicate axis) {
        return context.producer(target.name())
                .filter(node -> node.qualifiedOperator().equals("Softmax"))
                .filter(node -> axis.test(Math.floorMod(node.intAttribute("axis", -1), (long) target.rank())))
                .map(node -> node.inputs().get(0))
                .orElse(target.name());
    }

    /** 1 for the class with the largest score, and 0 for the others; classes that share the largest score share it. */
    static String predicted(LossContext context, String scores, int axis) {
        String axes = axes(context, axis);
        String largest = context.apply("ReduceMax", scores, axes);
        String ties =
                context.apply("Cast", Map.of("to", new Attribute.Int(1)), context.apply("Equal", scores, largest));
        return context.apply("Div", ties, context.apply("ReduceSum", ties, axes));
    }

    /** -sum_c t_c log softmax(x)_c along an axis. */
    static String crossEntropy(LossContext context, String scores, String truth, int axis) {
        String logarithms = context.apply("LogSoftmax", Map.of("axis", new Attribute.Int(axis)), scores);
        return context.apply("Neg", sum(context, context.apply("Mul", truth, logarithms), axis));
    }

    /**
     * A loss of positions such that its mean over all positions of an example is that over those which have a class.
     *
     * @param truth shares of the classes, all 0 where a position has none
     * @param rank of the loss
     */
    static String overCounted(LossContext context, String loss, String truth, int axis, int rank) {
        String counted = sum(context, truth, axis);
        String positions =
                context.constant(Tensors.vector(LongStream.range(1, rank).toArray()));
        String share = context.apply("ReduceMean", counted, positions);
        String divisor = context.apply("Max", share, context.scalar(Float.MIN_NORMAL));
        return context.apply("Div", context.apply("Mul", loss, counted), divisor);
    }

    static String sum(LossContext context, String value, int axis) {
        return context.apply("ReduceSum", Map.of("keepdims", new Attribute.Int(0)), value, axes(context, axis));
    }

    private static String axes(LossContext context, int axis) {
        return context.constant(Tensors.vector(axis));
    }
}
