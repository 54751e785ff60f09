package io.espalier.spi.execution;

import io.espalier.spi.Stability;

/** A runtime refused to load or to run a model; the message is the runtime's own, shortened to its first line. */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public class ExecutionException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public ExecutionException(String message, Throwable cause) {
        super(message, cause);
    }
}
