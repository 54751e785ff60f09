package io.espalier.api;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Options of data that come with a model and count where a request gives none.
 *
 * @param options by name
 * @param found the file beside the model that says them; empty when the request named it
 */
record Shipped(Map<String, String> options, Optional<Path> found) {

    /** Stands for no preprocessing. */
    private static final Path NONE = Path.of("none");

    static Shipped of(Optional<Path> preprocessing, Optional<Path> model) {
        if (preprocessing.isPresent()) {
            return new Shipped(
                    preprocessing
                            .filter(file -> !file.equals(NONE))
                            .map(Preprocessing::read)
                            .orElse(Map.of()),
                    Optional.empty());
        }
        Optional<Path> found = model.flatMap(Preprocessing::beside);
        return new Shipped(found.map(Preprocessing::read).orElse(Map.of()), found);
    }

    /**
     * What counts for a reader. Of a file that was found, the scaling is left out as a whole when a part of it is given.
     *
     * @param known the options that the reader has
     */
    Map<String, String> besides(Map<String, String> given, Set<String> known) {
        Map<String, String> all = new TreeMap<>(options);
        all.keySet().retainAll(known);
        if (found.isPresent() && given.keySet().stream().anyMatch(ScalingOptions.NAMES::contains)) {
            all.keySet().removeAll(ScalingOptions.NAMES);
        }
        all.keySet().removeAll(given.keySet());
        return all;
    }

    /** A sentence on what was found and counts, for people. */
    Optional<String> note(Map<String, String> counting) {
        return found.filter(file -> !counting.isEmpty())
                .map(file -> "'" + file + "', which lies beside the model, says how data is prepared: "
                        + counting.entrySet().stream().map(Object::toString).collect(Collectors.joining(" "))
                        + "; --preprocess none leaves it out.");
    }
}
