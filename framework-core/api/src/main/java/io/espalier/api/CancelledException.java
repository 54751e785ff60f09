package io.espalier.api;

import io.espalier.spi.Stability;

/** The run was stopped by its {@link Cancellation}; nothing was written but the journal. */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public final class CancelledException extends EspalierException {

    private static final long serialVersionUID = 1L;

    CancelledException(Throwable cause) {
        super("the run was cancelled", cause);
    }
}
