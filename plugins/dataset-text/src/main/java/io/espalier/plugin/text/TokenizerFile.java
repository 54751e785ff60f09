package io.espalier.plugin.text;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.espalier.spi.InvalidInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The file of a tokenizer: {@code tokenizer.json}, or the word list {@code vocab.txt} of a BERT. */
record TokenizerFile(Path path, JsonObject json) {

    private static final List<String> NAMES = List.of("tokenizer.json", "vocab.txt");
    private static final List<String> FILLING = List.of("[PAD]", "<pad>", "<|pad|>", "<blank>");

    /**
     * The tokenizer that is named, or that lies beside the texts.
     *
     * @param wanted a file or the folder of one; empty when none is named
     */
    static Path find(String wanted, Path texts) {
        Path named = wanted.isEmpty() ? texts.toAbsolutePath().getParent() : Path.of(wanted);
        if (Files.isRegularFile(named)) {
            return named;
        }
        return NAMES.stream()
                .map(named::resolve)
                .filter(Files::isRegularFile)
                .findFirst()
                .orElseThrow(
                        () -> new InvalidInputException(
                                wanted.isEmpty()
                                        ? "no tokenizer.json or vocab.txt lies beside the model or beside '" + texts
                                                + "'; name the tokenizer of the model (--data-option tokenizer=FILE)"
                                        : "the data option 'tokenizer' names '" + wanted
                                                + "', which is neither a file nor a folder with a tokenizer.json or vocab.txt"));
    }

    /** Reads a tokenizer; a word list becomes what {@code tokenizer.json} would say. */
    static TokenizerFile read(Path path) {
        String text = TokenizerText.of(path);
        if (!text.stripLeading().startsWith("{")) {
            return new TokenizerFile(path, WordList.tokenizer(path, text));
        }
        try {
            return new TokenizerFile(path, JsonParser.parseString(text).getAsJsonObject());
        } catch (JsonParseException | IllegalStateException e) {
            throw TokenizerText.refused(path, "it is not JSON (" + e.getMessage() + ")");
        }
    }

    /** How short texts are filled up: as the file says, else with the token that is called so, else with the first. */
    Tokens.Padding padding() {
        Optional<JsonObject> said = object(json, "padding");
        boolean left = said.map(each -> each.get("direction"))
                .filter(each -> each.isJsonPrimitive() && each.getAsString().equals("Left"))
                .isPresent();
        int id = said.flatMap(each -> number(each.get("pad_id")))
                .or(() -> added())
                .or(() -> object(json, "model")
                        .flatMap(model -> object(model, "vocab"))
                        .flatMap(vocabulary -> FILLING.stream()
                                .flatMap(each -> number(vocabulary.get(each)).stream())
                                .findFirst()))
                .orElse(0);
        return new Tokens.Padding(id, left);
    }

    private Optional<Integer> added() {
        JsonElement tokens = json.get("added_tokens");
        return tokens == null || !tokens.isJsonArray() ? Optional.empty() : filling(tokens.getAsJsonArray());
    }

    private static Optional<Integer> filling(JsonArray tokens) {
        return Stream.iterate(0, i -> i < tokens.size(), i -> i + 1)
                .map(tokens::get)
                .filter(JsonElement::isJsonObject)
                .map(JsonElement::getAsJsonObject)
                .filter(each -> each.has("content")
                        && each.get("content").isJsonPrimitive()
                        && FILLING.contains(each.get("content").getAsString()))
                .flatMap(each -> number(each.get("id")).stream())
                .findFirst();
    }

    private static Optional<JsonObject> object(JsonObject owner, String name) {
        return Optional.ofNullable(owner.get(name))
                .filter(JsonElement::isJsonObject)
                .map(JsonElement::getAsJsonObject);
    }

    private static Optional<Integer> number(JsonElement value) {
        return Optional.ofNullable(value)
                .filter(each ->
                        each.isJsonPrimitive() && each.getAsJsonPrimitive().isNumber())
                .map(JsonElement::getAsInt)
                .filter(each -> each >= 0);
    }
}
