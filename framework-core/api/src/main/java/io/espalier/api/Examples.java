package io.espalier.api;

import io.espalier.spi.RunContext;
import io.espalier.spi.data.Dataset;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Examples as a request names them.
 *
 * @param file the file they lie in, empty when they were given as an object
 * @param object the examples, empty when they lie in a file
 */
record Examples(Optional<Path> file, Optional<Dataset> object) {

    static Examples in(Path file) {
        return new Examples(Optional.of(file), Optional.empty());
    }

    static Examples of(Dataset dataset) {
        return new Examples(Optional.empty(), Optional.of(dataset));
    }

    /** The examples; a file is opened with the reader that recognises it. */
    Dataset open(String setting, Extensions extensions, Map<String, String> options, RunContext context) {
        return object.orElseGet(() -> extensions.dataset(setting, file.orElseThrow(), options, context));
    }
}
