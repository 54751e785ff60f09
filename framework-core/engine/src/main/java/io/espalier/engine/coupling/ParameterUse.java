package io.espalier.engine.coupling;

/**
 * A constant as the coupling sees it: shared by all its readers, or the copy of one of them.
 *
 * @param constant name of the constant
 * @param node the reader whose copy this is, empty when shared
 * @param slot its input slot, -1 when shared
 */
public record ParameterUse(String constant, String node, int slot) {

    static ParameterUse shared(String constant) {
        return new ParameterUse(constant, "", -1);
    }

    /** Whether all readers see this one. */
    public boolean isShared() {
        return slot < 0;
    }

    @Override
    public String toString() {
        return isShared() ? constant : constant + " (for " + node + ")";
    }
}
