package io.espalier.spi.provider;

import io.espalier.spi.Stability;

/**
 * Implemented by the host around every extension that it loads from a plug-in, so that messages can name the plug-in.
 * Plug-ins do not implement it.
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.2.0")
public interface FromPlugin {

    /** The id of the plug-in. */
    String pluginId();
}
