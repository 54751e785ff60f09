package io.espalier.engine.verify;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.execution.ExecutionException;

/** The runtime refuses a model as it is given, so that nothing can be proved of it. */
public final class RefusedModelException extends InvalidInputException {

    private static final long serialVersionUID = 1L;

    RefusedModelException(ExecutionException refused) {
        super("The runtime refuses the original model: " + refused.getMessage(), refused);
    }
}
