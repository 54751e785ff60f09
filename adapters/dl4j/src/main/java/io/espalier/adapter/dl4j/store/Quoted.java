package io.espalier.adapter.dl4j.store;

/** Names out of files, made safe to show. */
public final class Quoted {

    private static final int MAX_LENGTH = 120;

    private Quoted() {}

    /** The name in single quotes, with control characters escaped and an absurd length cut. */
    public static String name(String name) {
        StringBuilder shown = new StringBuilder("'");
        name.codePoints().limit(MAX_LENGTH).forEach(point -> {
            if (Character.isISOControl(point)) {
                shown.append(String.format(java.util.Locale.ROOT, "\\u%04x", point));
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
