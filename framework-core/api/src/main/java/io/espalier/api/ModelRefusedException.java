package io.espalier.api;

import io.espalier.spi.InvalidInputException;

/** An adapter refused a model file: of all invalid input, the kind that is the model's fault. */
final class ModelRefusedException extends InvalidInputException {

    private static final long serialVersionUID = 1L;

    ModelRefusedException(InvalidInputException cause) {
        super(cause.getMessage(), cause);
    }
}
