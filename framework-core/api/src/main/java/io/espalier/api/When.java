package io.espalier.api;

import io.espalier.spi.Stability;

/** When a model that is trained is pruned. */
@Stability(value = Stability.Level.EVOLVING, since = "0.3.0")
public enum When {
    /** Before its training: what is scored is not trained yet. */
    BEFORE,
    /** While it is trained. */
    DURING,
    /** When it has been trained. */
    AFTER
}
