package io.espalier.adapter.onnx.lift;

import io.espalier.spi.graph.Attribute;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** How a tensor of the neutral graph is written as an attribute of an older opset. */
public enum AttributeForm {
    /** A vector as a list of integers. */
    INTS,
    /** A single element as an integer. */
    INT,
    /** A vector as a list of floats. */
    FLOATS,
    /** A single element as a float. */
    FLOAT,
    /** A reshape target {@code [0, groups, -1]} as the number of groups. */
    GROUP_COUNT;

    /**
     * The tensor that says what an attribute says, or empty when the attribute is of another form.
     *
     * @param type element type of the tensor
     */
    Optional<Tensor> tensor(Attribute value, DataType type) {
        if (this == INTS && value instanceof Attribute.Ints ints) {
            return Optional.of(Tensors.vector(
                    ints.values().stream().mapToLong(Long::longValue).toArray()));
        }
        if (this == INT && value instanceof Attribute.Int number) {
            return Optional.of(Tensors.vector(number.value()));
        }
        if (this == FLOATS && value instanceof Attribute.Reals reals) {
            double[] values =
                    reals.values().stream().mapToDouble(Double::doubleValue).toArray();
            return Optional.of(Tensors.fromDoubles(type, Tensors.shape(values.length), values));
        }
        if (this == FLOAT && value instanceof Attribute.Real number) {
            return Optional.of(Tensors.fromDoubles(type, List.of(), number.value()));
        }
        return Optional.empty();
    }

    /** Whether an attribute can say exactly what a tensor says. */
    boolean holds(Tensor value) {
        return switch (this) {
            case INTS -> value.shape().size() == 1;
            case INT -> value.size() == 1;
            case FLOATS -> value.shape().size() == 1 && areFloats(value);
            case FLOAT -> value.size() == 1 && areFloats(value);
            case GROUP_COUNT -> false;
        };
    }

    private static boolean areFloats(Tensor value) {
        return Arrays.stream(Tensors.toDoubles(value)).allMatch(each -> (float) each == each || Double.isNaN(each));
    }

    /** The attribute that says what a tensor says. */
    public Attribute attribute(Tensor value) {
        return switch (this) {
            case INTS ->
                new Attribute.Ints(Arrays.stream(Tensors.toLongs(value)).boxed().toList());
            case INT -> new Attribute.Int(Tensors.toLongs(value)[0]);
            case FLOATS ->
                new Attribute.Reals(
                        Arrays.stream(Tensors.toDoubles(value)).boxed().toList());
            case FLOAT -> new Attribute.Real(Tensors.toDoubles(value)[0]);
            case GROUP_COUNT -> new Attribute.Int(Tensors.toLongs(value)[1]);
        };
    }
}
