package io.espalier.cli.text;

/**
 * Colour where it is wanted.
 *
 * @param enabled whether a terminal shows the text and nobody has refused colour
 */
public record Style(boolean enabled) {

    private static final String RESET = "\u001b[0m";

    /** Better than before. */
    public String good(String text) {
        return paint("\u001b[32m", text);
    }

    /** Wrong. */
    public String bad(String text) {
        return paint("\u001b[31m", text);
    }

    /** Worth a look. */
    public String warning(String text) {
        return paint("\u001b[33m", text);
    }

    /** A heading. */
    public String strong(String text) {
        return paint("\u001b[1m", text);
    }

    private String paint(String code, String text) {
        return enabled && !text.isEmpty() ? code + text + RESET : text;
    }
}
