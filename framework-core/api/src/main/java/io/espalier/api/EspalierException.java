package io.espalier.api;

import io.espalier.spi.Stability;

/**
 * Something documented went wrong; each kind has a type of its own. The message is one sentence that says what is wrong and
 * what to do. Whatever else is thrown, but for {@link IllegalArgumentException} and {@link IllegalStateException} where a
 * method announces them, is a defect of Espalier.
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public abstract sealed class EspalierException extends RuntimeException
        permits InputRefusedException, NotProvedException, CancelledException, PluginBrokenException {

    private static final long serialVersionUID = 1L;

    EspalierException(String message, Throwable cause) {
        super(message, cause);
    }
}
