package io.espalier.plugin.text;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The word list of a BERT, one piece a line, as the tokenizer it stands for. */
final class WordList {

    private static final String UNKNOWN = "[UNK]";
    private static final String BEGINNING = "[CLS]";
    private static final String END = "[SEP]";

    private WordList() {}

    static JsonObject tokenizer(Path path, String text) {
        JsonObject vocabulary = new JsonObject();
        List<String> pieces = text.lines().toList();
        for (int i = 0; i < pieces.size(); i++) {
            vocabulary.addProperty(pieces.get(i), i);
        }
        for (String each : List.of(UNKNOWN, BEGINNING, END)) {
            if (!vocabulary.has(each)) {
                throw TokenizerText.refused(path, "it is no tokenizer.json, and as a word list it lacks " + each);
            }
        }
        JsonObject tokenizer = new JsonObject();
        tokenizer.addProperty("version", "1.0");
        tokenizer.add("added_tokens", special(vocabulary));
        tokenizer.add("normalizer", normaliser(isLowerCase(path, pieces)));
        tokenizer.add("pre_tokenizer", typed("BertPreTokenizer"));
        JsonObject frame = typed("BertProcessing");
        frame.add("sep", pair(END, vocabulary));
        frame.add("cls", pair(BEGINNING, vocabulary));
        tokenizer.add("post_processor", frame);
        JsonObject model = typed("WordPiece");
        model.addProperty("unk_token", UNKNOWN);
        model.addProperty("continuing_subword_prefix", "##");
        model.addProperty("max_input_chars_per_word", 100);
        model.add("vocab", vocabulary);
        tokenizer.add("model", model);
        return tokenizer;
    }

    private static JsonArray special(JsonObject vocabulary) {
        JsonArray added = new JsonArray();
        for (String each : List.of("[PAD]", UNKNOWN, BEGINNING, END, "[MASK]")) {
            if (vocabulary.has(each)) {
                JsonObject token = new JsonObject();
                token.add("id", vocabulary.get(each));
                token.addProperty("content", each);
                for (String rule : List.of("single_word", "lstrip", "rstrip", "normalized")) {
                    token.addProperty(rule, false);
                }
                token.addProperty("special", true);
                added.add(token);
            }
        }
        return added;
    }

    private static JsonObject normaliser(boolean lowerCase) {
        JsonObject normaliser = typed("BertNormalizer");
        normaliser.addProperty("clean_text", true);
        normaliser.addProperty("handle_chinese_chars", true);
        normaliser.add("strip_accents", JsonNull.INSTANCE);
        normaliser.addProperty("lowercase", lowerCase);
        return normaliser;
    }

    /** As {@code tokenizer_config.json} beside the list says; else when no piece but the special ones has Latin capitals. */
    private static boolean isLowerCase(Path path, List<String> pieces) {
        Path config = path.resolveSibling("tokenizer_config.json");
        if (Files.isRegularFile(config)) {
            try {
                JsonElement said = JsonParser.parseString(TokenizerText.of(config))
                        .getAsJsonObject()
                        .get("do_lower_case");
                if (said != null
                        && said.isJsonPrimitive()
                        && said.getAsJsonPrimitive().isBoolean()) {
                    return said.getAsBoolean();
                }
            } catch (JsonParseException | IllegalStateException e) {
                throw TokenizerText.refused(config, "it is not JSON (" + e.getMessage() + ")");
            }
        }
        return pieces.stream()
                .filter(each -> !each.startsWith("["))
                .noneMatch(each -> each.chars().anyMatch(letter -> letter >= 'A' && letter <= 'Z'));
    }

    private static JsonObject typed(String type) {
        JsonObject object = new JsonObject();
        object.addProperty("type", type);
        return object;
    }

    private static JsonArray pair(String token, JsonObject vocabulary) {
        JsonArray pair = new JsonArray();
        pair.add(token);
        pair.add(vocabulary.get(token));
        return pair;
    }
}
