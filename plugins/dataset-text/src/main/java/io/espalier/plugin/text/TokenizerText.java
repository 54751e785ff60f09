package io.espalier.plugin.text;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Quoted;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the files of a tokenizer hold, and what is said where it is of no use. */
final class TokenizerText {

    private static final long MOST_BYTES = 1L << 27;

    private TokenizerText() {}

    static String of(Path path) {
        try {
            if (Files.size(path) > MOST_BYTES) {
                throw refused(path, "it is longer than " + MOST_BYTES + " bytes");
            }
            return new String(Files.readAllBytes(path), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw refused(path, String.valueOf(e.getMessage()));
        }
    }

    static InvalidInputException refused(Path path, String reason) {
        String quoted = Quoted.name(reason);
        return new InvalidInputException(
                "the tokenizer '" + path + "' cannot be used: " + quoted.substring(1, quoted.length() - 1));
    }
}
