package io.espalier.adapter.onnx.lift;

import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * What lifting knows about a value. Some old operators can only be expressed in the neutral opset when the rank or the
 * element type of their input is known.
 *
 * @param type element type, or null when it is not known
 * @param rank number of axes, or -1 when it is not known
 * @param length number of elements of a vector, or -1; vectors are the shapes that other values are brought to
 */
record Fact(DataType type, int rank, long length) {

    static final Fact UNKNOWN = new Fact(null, -1, -1);

    static Fact of(ValueType type) {
        List<Dimension> shape = type.shape().orElse(null);
        if (shape == null) {
            return UNKNOWN.withType(type.type());
        }
        boolean vector = shape.size() == 1 && shape.get(0) instanceof Dimension.Fixed;
        return new Fact(type.type(), shape.size(), vector ? ((Dimension.Fixed) shape.get(0)).extent() : -1);
    }

    static Fact of(Tensor constant) {
        return new Fact(
                constant.type(), constant.shape().size(), constant.shape().size() == 1 ? constant.size() : -1);
    }

    static Fact scalar(DataType type) {
        return new Fact(type, 0, -1);
    }

    /** What a declaration of the value would say; single precision when nothing is known, as in the oldest files. */
    ValueType asType() {
        Optional<List<Dimension>> shape = rank < 0
                ? Optional.empty()
                : Optional.of(Collections.nCopies(rank, (Dimension) new Dimension.Unknown()));
        return new ValueType(type == null ? DataType.FLOAT32 : type, shape);
    }

    Fact withType(DataType other) {
        return new Fact(other, rank, length);
    }

    /** This fact with one axis more in front, or one less. */
    Fact withAxes(int added) {
        return rank < 0 || rank + added < 0 ? UNKNOWN.withType(type) : new Fact(type, rank + added, -1);
    }

    /** This fact, completed by another where it says nothing. */
    Fact or(Fact other) {
        return new Fact(
                type != null ? type : other.type, rank >= 0 ? rank : other.rank, length >= 0 ? length : other.length);
    }
}
