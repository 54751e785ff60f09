package io.espalier.graph.shape;

import io.espalier.spi.InvalidInputException;

/** A graph holds an operator whose operands or attributes make no sense; the message names it. */
public final class UnusableGraphException extends InvalidInputException {

    private static final long serialVersionUID = 1L;

    /** Says what makes no sense. */
    public UnusableGraphException(String what) {
        super(what);
    }

    /** Says what makes no sense, as somebody else found out. */
    public UnusableGraphException(String what, Throwable cause) {
        super(what, cause);
    }
}
