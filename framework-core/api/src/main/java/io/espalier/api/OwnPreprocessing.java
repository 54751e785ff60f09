package io.espalier.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Preprocessing as an object of the names of data options. */
final class OwnPreprocessing {

    private static final List<String> NAMES =
            List.of("resize", "crop", "interpolation", "colour", "layout", "scale", "mean", "std");

    private OwnPreprocessing() {}

    static Map<String, String> of(PreprocessingFile file) {
        Map<String, String> options = new TreeMap<>();
        file.json().properties().forEach(field -> {
            JsonNode value = field.getValue();
            if (!NAMES.contains(field.getKey())) {
                throw file.refused("it has the field '" + PreprocessingFile.oneLine(field.getKey())
                        + "', but says nothing of a known form; known: " + String.join(", ", NAMES));
            }
            if (!value.isArray() && !value.isNumber() && !value.isTextual()) {
                throw file.wrong(field.getKey(), "a number, a word or a list of numbers");
            }
            options.put(field.getKey(), value.isArray() ? file.numbers(field.getKey()) : value.asText());
        });
        return options;
    }
}
