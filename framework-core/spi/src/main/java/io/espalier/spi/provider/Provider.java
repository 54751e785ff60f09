package io.espalier.spi.provider;

import io.espalier.spi.Stability;
import io.espalier.spi.option.OptionSpec;
import java.util.List;

/**
 * A named extension, found through {@code META-INF/services}.
 *
 * <p>Implementations have a public constructor without arguments, do no work in it, and keep no state between calls:
 * one instance serves all runs of a process, from several threads.
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public interface Provider {

    /** The unique name of this extension: kebab-case, ASCII, at most 64 characters. */
    String name();

    /** One sentence for {@code --help} and for lists. */
    String description();

    /** The options understood by this extension; validation, help and docs come from this list. */
    default List<OptionSpec> options() {
        return List.of();
    }
}
