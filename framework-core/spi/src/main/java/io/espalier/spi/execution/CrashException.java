package io.espalier.spi.execution;

import io.espalier.spi.Stability;

/** A runtime ended its process while it loaded or ran a model, which damaged models bring about. */
@Stability(value = Stability.Level.EVOLVING, since = "0.2.0")
public final class CrashException extends BrokenModelException {

    private static final long serialVersionUID = 1L;

    public CrashException(String message, Throwable cause) {
        super(message, cause);
    }
}
