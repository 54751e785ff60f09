package io.espalier.graph.shape;

/** Shapes of an operator contradict each other; its outputs stay unknown and the message is reported. */
public final class ShapeConflict extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ShapeConflict(String message) {
        super(message, null, false, false);
    }
}
