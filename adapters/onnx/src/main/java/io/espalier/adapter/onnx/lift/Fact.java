package io.espalier.adapter.onnx.lift;

import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.DataType;
import java.util.List;

/**
 * What lifting knows about a value. Some old operators can only be expressed in the neutral opset when the rank or the
 * element type of their input is known.
 *
 * @param type element type, or null when it is not known
 * @param rank number of axes, or -1 when it is not known
 */
record Fact(DataType type, int rank) {

    static final Fact UNKNOWN = new Fact(null, -1);

    static Fact of(ValueType type) {
        return new Fact(type.type(), type.shape().map(List::size).orElse(-1));
    }

    Fact withType(DataType other) {
        return new Fact(other, rank);
    }

    Fact withRank(int other) {
        return new Fact(type, other);
    }

    /** This fact, completed by another where it says nothing. */
    Fact or(Fact other) {
        return new Fact(type != null ? type : other.type, rank >= 0 ? rank : other.rank);
    }
}
