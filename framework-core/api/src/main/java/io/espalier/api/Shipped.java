package io.espalier.api;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
 * @param tokenizer the file beside the model that makes tokens of texts
 */
record Shipped(Map<String, String> options, Optional<Path> found, Optional<Path> tokenizer) {

    private static final String TOKENIZER = "tokenizer";
    private static final List<String> TOKENIZERS = List.of("tokenizer.json", "vocab.txt");

    /** Stands for no preprocessing. */
    private static final Path NONE = Path.of("none");

    static Shipped of(Optional<Path> preprocessing, Optional<Path> model) {
        Optional<Path> tokenizer = model.flatMap(file -> TOKENIZERS.stream()
                .map(file::resolveSibling)
                .filter(Files::isRegularFile)
                .findFirst());
        if (preprocessing.isPresent()) {
            return new Shipped(
                    preprocessing
                            .filter(file -> !file.equals(NONE))
                            .map(Preprocessing::read)
                            .orElse(Map.of()),
                    Optional.empty(),
                    tokenizer);
        }
        Optional<Path> found = model.flatMap(Preprocessing::beside);
        return new Shipped(found.map(Preprocessing::read).orElse(Map.of()), found, tokenizer);
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
        tokenizer.filter(file -> known.contains(TOKENIZER)).ifPresent(file -> all.put(TOKENIZER, file.toString()));
        all.keySet().removeAll(given.keySet());
        return all;
    }

    /** A sentence on what was found and counts, for people. */
    Optional<String> note(Map<String, String> counting) {
        Map<String, String> prepared = new TreeMap<>(counting);
        prepared.remove(TOKENIZER);
        return found.filter(file -> !prepared.isEmpty())
                .map(file -> "'" + file + "', which lies beside the model, says how data is prepared: "
                        + prepared.entrySet().stream().map(Object::toString).collect(Collectors.joining(" "))
                        + "; --preprocess none leaves it out.");
    }
}
