package io.espalier.api;

import io.espalier.spi.Stability;

/** A plug-in that is needed is missing, broken, or broke its contract; the message names it. */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public final class PluginBrokenException extends EspalierException {

    private static final long serialVersionUID = 1L;

    PluginBrokenException(String message, Throwable cause) {
        super(message, cause);
    }

    PluginBrokenException(String message) {
        this(message, null);
    }
}
