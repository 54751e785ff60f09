package io.espalier.plugin.text;

import java.util.Locale;
import java.util.Optional;

/** What an input of a token model takes, as its name says. */
enum TokenInput {
    MASK("attention_mask"),
    TYPES("token_type_ids"),
    POSITIONS("position_ids"),
    IDS("input_ids");

    private final String usual;

    TokenInput(String usual) {
        this.usual = usual;
    }

    /** What it is called where no model says more. */
    String usual() {
        return usual;
    }

    /** What an input of a name takes; empty when it is nothing that texts give. */
    static Optional<TokenInput> of(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.contains("mask")) {
            return Optional.of(MASK);
        }
        if (lower.contains("type") || lower.contains("segment")) {
            return Optional.of(TYPES);
        }
        if (lower.contains("position")) {
            return Optional.of(POSITIONS);
        }
        boolean ids =
                lower.contains("ids") || lower.contains("token") || lower.contains("word") || lower.contains("input");
        return ids ? Optional.of(IDS) : Optional.empty();
    }
}
