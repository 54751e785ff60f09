package io.espalier.spi;

import java.util.Locale;

/** Names out of files, made safe to show in the sentence of an {@link InvalidInputException}. Thread-safe. */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public final class Quoted {

    private static final int MAX_LENGTH = 120;

    private Quoted() {}

    /** The name in single quotes, with control characters escaped and an absurd length cut. */
    public static String name(String name) {
        StringBuilder shown = new StringBuilder("'");
        name.codePoints().limit(MAX_LENGTH).forEach(point -> {
            if (Character.isISOControl(point)) {
                shown.append(String.format(Locale.ROOT, "\\u%04x", point));
            } else {
                shown.appendCodePoint(point);
            }
        });
        if (name.codePointCount(0, name.length()) > MAX_LENGTH) {
            shown.append("...");
        }
        return shown.append('\'').toString();
    }
}
