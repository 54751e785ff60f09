package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Output that must not change unnoticed, kept in {@code src/test/resources/golden}. */
final class Golden {

    private Golden() {}

    /** Compares; what was printed lies in {@code target/golden}, to be copied when the change is meant. */
    static void assertMatches(String name, String printed) {
        Path expected = Path.of("src/test/resources/golden", name);
        Path actual = Path.of("target/golden", name);
        try {
            Files.createDirectories(actual.getParent());
            Files.writeString(actual, printed);
            assertThat(printed)
                    .as("output of %s; if it changed on purpose, copy %s over %s", name, actual, expected)
                    .isEqualTo(Files.exists(expected) ? Files.readString(expected) : "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
