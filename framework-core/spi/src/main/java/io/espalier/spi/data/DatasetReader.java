package io.espalier.spi.data;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.RunContext;
import io.espalier.spi.Stability;
import io.espalier.spi.option.Options;
import io.espalier.spi.provider.Noun;
import io.espalier.spi.provider.Provider;
import io.espalier.spi.tensor.Tensor;
import java.nio.file.Path;
import java.util.Map;

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

    /**
     * All arrays of a file by name, whatever their first axes count; the arrays of the data set unless the format holds
     * others as well.
     *
     * @param options validated options of the reader
     * @param context stops a long read, and seeds what is random
     * @throws InvalidInputException when the file is broken
     */
    default Map<String, Tensor> arrays(Path file, Options options, RunContext context) {
        return open(file, options, context).arrays();
    }
}
