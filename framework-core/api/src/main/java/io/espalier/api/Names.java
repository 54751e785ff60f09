package io.espalier.api;

import io.espalier.host.NearestName;
import io.espalier.spi.Stability;
import java.util.Collection;
import java.util.Optional;

/** Names that people type. */
@Stability(value = Stability.Level.EVOLVING, since = "0.3.0")
public final class Names {

    private Names() {}

    /** The name that somebody may have meant, with the fewest letters to change; empty when none is close. */
    public static Optional<String> nearest(String typed, Collection<String> names) {
        return NearestName.to(typed, names);
    }
}
