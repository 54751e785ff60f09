package io.espalier.graph.operator;

import io.espalier.spi.tensor.DataType;

/**
 * The numbers that an integer type holds.
 *
 * @param lowest the lowest
 * @param highest the highest
 */
public record IntegerRange(double lowest, double highest) {

    /** Of a type that is neither floating nor Boolean. */
    public static IntegerRange of(DataType type) {
        double count = Math.scalb(1.0, Byte.SIZE * type.bytes());
        boolean signed = switch (type) {
            case INT8, INT16, INT32, INT64 -> true;
            default -> false;
        };
        return signed ? new IntegerRange(-count / 2, count / 2 - 1) : new IntegerRange(0, count - 1);
    }
}
