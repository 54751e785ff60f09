package io.espalier.spi.data;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.RunContext;
import io.espalier.spi.Stability;
import io.espalier.spi.option.Options;
import io.espalier.spi.provider.Noun;
import io.espalier.spi.provider.Provider;
import java.nio.file.Path;

/** Reads calibration and evaluation data of one file format. Thread-safe. */
@Noun("data set reader")
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public interface DatasetReader extends Provider {

    /**
     * Whether a file looks like this format. Never throws for odd content.
     *
     * @param file the file
     * @param head its first bytes, at most 4096
     */
    boolean recognises(Path file, byte[] head);

    /**
     * Opens a data set.
     *
     * @param options validated options of the reader
     * @param context stops a long read, and seeds what is random
     * @throws InvalidInputException when the file is broken
     */
    Dataset open(Path file, Options options, RunContext context);
}
