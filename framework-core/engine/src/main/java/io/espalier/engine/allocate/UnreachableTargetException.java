package io.espalier.engine.allocate;

import io.espalier.spi.InvalidInputException;

/** A target asks for less than what barriers, minimum widths and ignored names leave. */
public final class UnreachableTargetException extends InvalidInputException {

    private static final long serialVersionUID = 1L;

    /** A failure that says in a sentence what remains at least, and why. */
    public UnreachableTargetException(String message) {
        super(message);
    }
}
