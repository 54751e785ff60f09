package io.espalier.engine.run;

import io.espalier.spi.InvalidInputException;

/** A result could not be written; what existed is unchanged. */
public final class OutputException extends InvalidInputException {

    private static final long serialVersionUID = 1L;

    OutputException(String message, Throwable cause) {
        super(message, cause);
    }
}
