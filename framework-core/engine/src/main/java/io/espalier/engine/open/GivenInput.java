package io.espalier.engine.open;

import io.espalier.spi.Quoted;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.Arrays;
import java.util.List;

/**
 * A value for one input.
 *
 * @param name the input
 * @param declared what the file says of it
 * @param given an array, or a number that fills the input
 */
record GivenInput(String name, ValueType declared, Tensor given) {

    /** The plan records every element. */
    private static final int MOST_ELEMENTS = 1 << 16;

    /** Doubles count exactly up to here. */
    private static final double LARGEST_WHOLE = 1L << 53;

    /**
     * The value in type and shape of the input.
     *
     * @throws UnusableInputException when the input cannot have it
     */
    Tensor value() {
        boolean fills = given.shape().isEmpty();
        List<Long> shape = fills ? filled() : given.shape();
        requireFits(shape);
        requireSize(shape);
        double[] elements = Tensors.toDoubles(given);
        for (int i = 0; i < elements.length; i++) {
            require(elements[i], i);
        }
        if (fills) {
            double number = elements[0];
            elements = new double[Math.toIntExact(count(shape))];
            Arrays.fill(elements, number);
        }
        return Tensors.fromDoubles(declared.type(), shape, elements);
    }

    /** The shape that a number fills. */
    private List<Long> filled() {
        return declared.shape().orElse(List.of()).stream()
                .map(extent -> {
                    if (extent instanceof Dimension.Fixed fixed && fixed.extent() >= 0) {
                        return fixed.extent();
                    }
                    throw new UnusableInputException("The input " + Quoted.name(name) + " has the shape " + shapeText()
                            + ", so that one number does not give all of it; give an array.");
                })
                .toList();
    }

    private void requireFits(List<Long> shape) {
        List<Dimension> expected = declared.shape().orElse(null);
        boolean fits = expected == null || expected.size() == shape.size();
        for (int axis = 0; fits && expected != null && axis < shape.size(); axis++) {
            fits = !(expected.get(axis) instanceof Dimension.Fixed fixed)
                    || fixed.extent() < 0
                    || fixed.extent() == shape.get(axis);
        }
        if (!fits) {
            throw new UnusableInputException("The input " + Quoted.name(name) + " has the shape " + shapeText()
                    + ", but its value has the shape " + shape + ".");
        }
    }

    private void requireSize(List<Long> shape) {
        double elements = shape.stream().mapToDouble(Long::doubleValue).reduce(1, (all, extent) -> all * extent);
        if (elements > MOST_ELEMENTS || elements == 0) {
            throw new UnusableInputException("The value of the input " + Quoted.name(name) + " has the shape " + shape
                    + "; give between 1 and " + MOST_ELEMENTS + " elements.");
        }
    }

    private static long count(List<Long> shape) {
        return shape.stream().reduce(1L, Math::multiplyExact);
    }

    private void require(double value, int index) {
        if (!Double.isFinite(value)) {
            throw refused(value, index, "is no finite number");
        }
        DataType type = declared.type();
        double stored = Tensors.toDoubles(Tensors.fromDoubles(type, List.of(), value))[0];
        boolean held =
                type.isFloating() ? Double.isFinite(stored) : stored == value && Math.abs(value) <= LARGEST_WHOLE;
        if (!held) {
            throw refused(value, index, "does not fit its type " + type);
        }
    }

    private UnusableInputException refused(double value, int index, String why) {
        return new UnusableInputException("The value of the input " + Quoted.name(name) + " cannot be used: " + value
                + (given.shape().isEmpty() ? "" : " at position " + index) + " " + why + ".");
    }

    private String shapeText() {
        return declared.shape()
                .map(shape -> shape.stream()
                        .map(extent -> extent instanceof Dimension.Fixed fixed && fixed.extent() >= 0
                                ? Long.toString(fixed.extent())
                                : extent instanceof Dimension.Symbol symbol ? symbol.name() : "?")
                        .toList()
                        .toString())
                .orElse("unknown");
    }
}
