package io.espalier.plugin.losses;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Quoted;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.loss.LossContext;
import io.espalier.spi.option.OptionSpec;
import io.espalier.spi.tensor.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The output that a loss judges.
 *
 * @param name name of the value
 * @param shape its extents, outermost first; the first axis holds the examples
 */
record Target(String name, List<Dimension> shape) {

    /** Which output is judged. */
    static final OptionSpec OUTPUT = OptionSpec.text(
            "output", "", "name of the output, or of another value of the model, that is judged (default: the first)");

    /** Which array holds the labels. */
    static final OptionSpec LABELS = OptionSpec.text(
            "labels", "", "name of the array of the data that holds the labels (default: the first that fits)");

    static Target of(LossContext context) {
        String asked = context.options().text(OUTPUT.name());
        String name = asked.isEmpty() ? context.outputs().get(0) : asked;
        ValueType type = context.type(name)
                .orElseThrow(() -> new InvalidInputException("The model computes nothing that is called "
                        + Quoted.name(name) + "; its outputs are " + String.join(", ", context.outputs()) + "."));
        List<Dimension> shape = type.shape().orElse(List.of());
        if (!type.type().isFloating() || shape.isEmpty()) {
            throw unfit(name, type, "it is no array of real numbers with an axis of examples");
        }
        return new Target(name, shape);
    }

    InvalidInputException unfit(String reason) {
        return unfit(name, new ValueType(DataType.FLOAT32, Optional.of(shape)), reason);
    }

    private static InvalidInputException unfit(String name, ValueType type, String reason) {
        String shape = type.shape().map(Target::text).orElse("unknown");
        return new InvalidInputException("The loss does not fit the output " + Quoted.name(name) + ", " + type.type()
                + " of shape " + shape + ": " + reason
                + ". Choose another loss (--loss), another output (--loss NAME:output=...), or a criterion that needs no"
                + " gradients.");
    }

    private static String text(List<Dimension> shape) {
        return shape.stream()
                .map(each -> each instanceof Dimension.Fixed fixed ? Long.toString(fixed.extent()) : "?")
                .toList()
                .toString();
    }

    int rank() {
        return shape.size();
    }

    /** Labels of the extents of the output, in real numbers. */
    ValueType alike() {
        return form(DataType.FLOAT32, shape);
    }

    /** Labels of the extents of the output but for one axis, in whole numbers. */
    ValueType without(int axis) {
        List<Dimension> rest = new ArrayList<>(shape);
        rest.remove(axis);
        return form(DataType.INT64, rest);
    }

    private static ValueType form(DataType type, List<Dimension> shape) {
        List<Dimension> open = new ArrayList<>(shape);
        open.set(0, new Dimension.Unknown());
        return new ValueType(type, Optional.of(open));
    }

    /** The labels of a loss that has none of its own to put in their place. */
    String required(LossContext context) {
        return context.labels(context.options().text(LABELS.name()), List.of(alike()))
                .orElseThrow(() -> unfit("the data has no labels of the same shape, which it would be compared with"));
    }
}
