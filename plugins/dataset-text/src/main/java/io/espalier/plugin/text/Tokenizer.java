package io.espalier.plugin.text;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.espalier.spi.InvalidInputException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/** Makes tokens of texts, cut to a length, in the frame the model was trained with. */
final class Tokenizer implements AutoCloseable {

    private final Path path;
    private final Tokens.Padding padding;
    private final HuggingFaceTokenizer library;

    private Tokenizer(Path path, Tokens.Padding padding, HuggingFaceTokenizer library) {
        this.path = path;
        this.padding = padding;
        this.library = library;
    }

    /**
     * Opens a tokenizer.
     *
     * @param length most tokens of a text
     */
    static Tokenizer open(Path path, int length) {
        TokenizerFile file = TokenizerFile.read(path);
        byte[] json = file.json().toString().getBytes(StandardCharsets.UTF_8);
        Map<String, String> options = Map.of(
                "addSpecialTokens", "true",
                "truncation", "true",
                "maxLength", Integer.toString(length),
                "modelMaxLength", Integer.toString(length),
                "padding", "false");
        try {
            HuggingFaceTokenizer library =
                    Loading.inPeace(() -> HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json), options));
            return new Tokenizer(path, file.padding(), library);
        } catch (IOException | RuntimeException e) {
            throw TokenizerText.refused(path, String.valueOf(e.getMessage()));
        } catch (LinkageError e) {
            throw new InvalidInputException(
                    "the library that makes tokens does not run on this system: " + e + "; pack the tokens as npz", e);
        }
    }

    Tokens.Padding padding() {
        return padding;
    }

    void encode(String text, Tokens tokens) {
        Encoding encoding;
        try {
            encoding = library.encode(text);
        } catch (RuntimeException e) {
            throw TokenizerText.refused(path, String.valueOf(e.getMessage()));
        }
        if (!tokens.add(encoding.getIds(), encoding.getTypeIds(), encoding.exceedMaxLength())) {
            throw new InvalidInputException("there are more texts or tokens than can be held; divide the file");
        }
    }

    @Override
    public void close() {
        library.close();
    }
}
