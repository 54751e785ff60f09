package io.espalier.engine.reprove;

/**
 * One way in which a file is not what its plan says.
 *
 * @param kind what differs
 * @param name the input, output, value or constant concerned, as the graph names it; empty for the file as a whole
 * @param text what differs, as a clause
 */
public record Difference(Kind kind, String name, String text) {

    /** What can differ. */
    public enum Kind {
        /** Names, order, number, types and shapes of inputs and outputs. */
        INTERFACE,
        /** A node that is missing, that should not be there, or that applies another operator or reads other values. */
        NODE,
        /** An attribute of a node. */
        ATTRIBUTE,
        /** Type, shape or elements of a constant. */
        CONSTANT,
        /** Bytes of the file that the graph does not show. */
        FILE
    }
}
