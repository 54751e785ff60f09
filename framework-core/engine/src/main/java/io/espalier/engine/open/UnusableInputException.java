package io.espalier.engine.open;

import io.espalier.spi.InvalidInputException;

/** A value was given for an input that the model does not have, or one that the input cannot have. */
public final class UnusableInputException extends InvalidInputException {

    private static final long serialVersionUID = 1L;

    UnusableInputException(String message) {
        super(message);
    }
}
