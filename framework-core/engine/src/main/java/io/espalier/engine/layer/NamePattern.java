package io.espalier.engine.layer;

import java.util.Collection;
import java.util.Optional;
import java.util.regex.Pattern;

/** A pattern of whole names: {@code *} stands for any characters, {@code ?} for one. Immutable and thread-safe. */
public final class NamePattern {

    private final Pattern compiled;

    private NamePattern(Pattern compiled) {
        this.compiled = compiled;
    }

    /** The pattern that is written like this. */
    public static NamePattern of(String text) {
        StringBuilder regex = new StringBuilder();
        for (char letter : text.toCharArray()) {
            regex.append(
                    switch (letter) {
                        case '*' -> ".*";
                        case '?' -> ".";
                        default -> Pattern.quote(String.valueOf(letter));
                    });
        }
        return new NamePattern(Pattern.compile(regex.toString(), Pattern.DOTALL));
    }

    /** The first of some names that it matches. */
    public Optional<String> firstMatch(Collection<String> names) {
        return names.stream().filter(name -> compiled.matcher(name).matches()).findFirst();
    }
}
