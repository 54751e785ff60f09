package io.espalier.engine.score;

import io.espalier.spi.InvalidInputException;

/** A model holds weights that nothing can be decided from, such as NaN. */
public final class UnusableWeightsException extends InvalidInputException {

    private static final long serialVersionUID = 1L;

    UnusableWeightsException(String message) {
        super(message);
    }
}
