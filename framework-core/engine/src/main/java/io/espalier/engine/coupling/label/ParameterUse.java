package io.espalier.engine.coupling.label;

import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;

/**
 * A constant as the coupling sees it: shared by all its readers, or the copy of one of them.
 *
 * @param constant name of the constant
 * @param node the reader whose copy this is, empty when shared
 * @param slot its input slot, -1 when shared
 */
public record ParameterUse(String constant, String node, int slot) {

    public static ParameterUse shared(String constant) {
        return new ParameterUse(constant, "", -1);
    }

    /** Whether all readers see this one. */
    public boolean isShared() {
        return slot < 0;
    }

    /** Whether a constant can hold weights: integers of 32 and 64 bits are indices and shapes. */
    public static boolean carriesWeights(Tensor tensor) {
        DataType type = tensor.type();
        return type.isFloating() || type == DataType.INT8 || type == DataType.UINT8;
    }

    /** A name that no other use has: that of the constant when it is shared. */
    public String name() {
        return isShared() ? constant : constant + " (for " + node + ", operand " + slot + ")";
    }

    @Override
    public String toString() {
        return isShared() ? constant : constant + " (for " + node + ")";
    }
}
