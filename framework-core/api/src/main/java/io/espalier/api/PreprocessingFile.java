package io.espalier.api;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Quoted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A JSON object that says how images are prepared. */
record PreprocessingFile(Path file, JsonNode json) {

    private static final long MOST_BYTES = 1L << 20;
    private static final int LONGEST_VALUE = 80;

    static boolean exists(Path file) {
        return Files.isRegularFile(file);
    }

    static PreprocessingFile of(Path file) {
        PreprocessingFile empty =
                new PreprocessingFile(file, JsonMapper.builder().build().createObjectNode());
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > MOST_BYTES) {
                throw empty.refused("it is no file of at most " + MOST_BYTES + " bytes");
            }
            JsonNode json = JsonMapper.builder().build().readTree(Files.readAllBytes(file));
            if (!json.isObject()) {
                throw empty.refused("it holds no JSON object");
            }
            return new PreprocessingFile(file, json);
        } catch (JacksonException e) {
            throw empty.refused("it is not JSON (" + oneLine(e.getOriginalMessage()) + ")");
        } catch (IOException e) {
            throw empty.refused(e.getMessage());
        }
    }

    /** The file with another object of it in the place of the whole. */
    PreprocessingFile within(String field) {
        return new PreprocessingFile(file, object(field));
    }

    private JsonNode object(String field) {
        JsonNode value = json.path(field);
        if (!value.isObject()) {
            throw wrong(field, "an object");
        }
        return value;
    }

    boolean has(String field) {
        return json.hasNonNull(field);
    }

    boolean flag(String field, boolean otherwise) {
        if (!has(field)) {
            return otherwise;
        }
        if (!json.get(field).isBoolean()) {
            throw wrong(field, "true or false");
        }
        return json.get(field).booleanValue();
    }

    String text(String field, String otherwise) {
        if (!has(field)) {
            return otherwise;
        }
        if (!json.get(field).isTextual()) {
            throw wrong(field, "a word");
        }
        return json.get(field).textValue();
    }

    /** A positive number as it is written. */
    String positive(String field, String otherwise) {
        if (!has(field)) {
            return otherwise;
        }
        if (!json.get(field).isNumber() || !(json.get(field).doubleValue() > 0)) {
            throw wrong(field, "a number above 0");
        }
        return json.get(field).asText();
    }

    /** A length in pixels. */
    int side(String field) {
        JsonNode value = json.path(field);
        if (!value.isInt() || value.intValue() < 1) {
            throw wrong(field, "a whole number of pixels");
        }
        return value.intValue();
    }

    /** Numbers, parted by commas. */
    String numbers(String field) {
        JsonNode value = json.path(field);
        List<String> texts = new ArrayList<>();
        value.forEach(each -> {
            if (!each.isNumber()) {
                throw wrong(field, "a list of numbers");
            }
            texts.add(each.asText());
        });
        if (!value.isArray() || texts.isEmpty()) {
            throw wrong(field, "a list of numbers");
        }
        return String.join(",", texts);
    }

    InvalidInputException wrong(String field, String expected) {
        String found = oneLine(json.path(field).toString());
        String shown = found.length() > LONGEST_VALUE ? found.substring(0, LONGEST_VALUE) + "..." : found;
        return refused("its " + field + " is " + (has(field) ? shown : "missing") + "; expected " + expected);
    }

    InvalidInputException refused(String reason) {
        return new InvalidInputException("the preprocessing in '" + file + "' cannot be used: " + reason
                + "; mend it, or leave it out with --preprocess none");
    }

    static String oneLine(String text) {
        String quoted = Quoted.name(text);
        return quoted.substring(1, quoted.length() - 1);
    }
}
