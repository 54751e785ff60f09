package io.espalier.spi.adapter;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Stability;
import io.espalier.spi.provider.Noun;
import io.espalier.spi.provider.Provider;
import java.nio.file.Path;

/**
 * Opens the model files of one framework.
 *
 * <p>Thread-safe; loads no native library before {@link #open} is called.
 */
@Noun("adapter")
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public interface FrameworkAdapter extends Provider {

    /**
     * Whether a file looks like one of this framework, judged by its content first and its name second. Never throws
     * for odd content.
     *
     * @param file the file
     * @param head its first bytes, at most 4096
     */
    boolean recognises(Path file, byte[] head);

    /**
     * Opens and lifts a model.
     *
     * @param context options, inference of types, cancellation
     * @throws InvalidInputException when the file is broken, unsafe or uses something that cannot be lifted
     */
    Model open(Path file, AdapterContext context);

    /** Opens and lifts a model with the default options, outside of a run. */
    default Model open(Path file) {
        return open(file, AdapterContext.of(this));
    }
}
