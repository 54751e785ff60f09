package io.espalier.graph.cost;

import io.espalier.spi.InvalidInputException;

/** A value was given for a symbolic extent that the model does not have, or one that no extent can have. */
public final class UnusableSymbolException extends InvalidInputException {

    private static final long serialVersionUID = 1L;

    UnusableSymbolException(String message) {
        super(message);
    }
}
