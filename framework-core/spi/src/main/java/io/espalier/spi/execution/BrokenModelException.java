package io.espalier.spi.execution;

import io.espalier.spi.Stability;

/**
 * A runtime refused a model because the model itself makes no sense, not because the runtime lacks something that the model
 * uses, such as an operator or a library.
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.2.0")
public class BrokenModelException extends ExecutionException {

    private static final long serialVersionUID = 1L;

    public BrokenModelException(String message, Throwable cause) {
        super(message, cause);
    }
}
