package io.espalier.spi.loss;

import io.espalier.spi.Stability;
import java.util.Map;

/**
 * A loss by its name, with options that are not its defaults.
 *
 * @param name name of a {@link Loss}
 * @param options values of its options, as a user types them
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.3.0")
public record NamedLoss(String name, Map<String, String> options) {

    /** The cross-entropy with its defaults. */
    public static final NamedLoss CROSS_ENTROPY = new NamedLoss("cross-entropy", Map.of());

    public NamedLoss {
        options = Map.copyOf(options);
    }
}
