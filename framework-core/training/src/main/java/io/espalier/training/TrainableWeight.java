package io.espalier.training;

import java.util.List;

/**
 * A constant that training changes.
 *
 * @param name its name in the neutral graph
 * @param shape its extents
 * @param kind what it does
 */
public record TrainableWeight(String name, List<Long> shape, Kind kind) {

    /** What a constant does. */
    public enum Kind {
        /** Multiplied with data and summed, or looked up. */
        WEIGHT,
        /** Added. */
        BIAS,
        /** Scales or shifts what was normalised. */
        NORM,
        /** Anything else, such as the class token of a transformer. */
        OTHER
    }

    public TrainableWeight {
        shape = List.copyOf(shape);
    }

    /** Whether weight decay pulls it towards zero: norms and biases have no scale that could be chosen at will. */
    public boolean decays() {
        return kind == Kind.WEIGHT;
    }

    /** Number of elements. */
    public long size() {
        return shape.stream().reduce(1L, Math::multiplyExact);
    }
}
