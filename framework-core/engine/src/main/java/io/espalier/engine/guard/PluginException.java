package io.espalier.engine.guard;

/** An extension broke its contract: a defect of the plug-in that offers it, not of the input and not of the engine. */
public final class PluginException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    PluginException(String message, Throwable cause) {
        super(message, cause);
    }
}
