package io.espalier.cli.text;

import java.util.Locale;

/** Makes text that came from a file safe to show. */
public final class Clean {

    private Clean() {}

    /**
     * The text with control and formatting characters written as escapes, so that a name in a model can neither move
     * the cursor nor turn the direction of a line.
     */
    public static String text(String raw) {
        return escape(raw, false);
    }

    /** As {@link #text}, but lines stay lines. */
    public static String lines(String raw) {
        return escape(raw, true);
    }

    private static String escape(String raw, boolean keepLines) {
        StringBuilder clean = new StringBuilder(raw.length());
        raw.codePoints().forEach(point -> {
            if (isHarmless(point) || keepLines && point == '\n') {
                clean.appendCodePoint(point);
            } else {
                clean.append(String.format(Locale.ROOT, point > 0xFFFF ? "\\u{%x}" : "\\u%04x", point));
            }
        });
        return clean.toString();
    }

    private static boolean isHarmless(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
