package io.espalier.adapter.onnx.lift;

import io.espalier.spi.graph.Attribute;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.Arrays;

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
