package io.espalier.api;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A plan as a request names it.
 *
 * @param file the file it lies in, empty when it was given as an object
 * @param source reads it
 */
record PlanSource(Optional<Path> file, Supplier<Plan> source) {

    Plan read() {
        return source.get();
    }
}
