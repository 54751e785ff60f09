package io.espalier.cli;

/** Words as a shell takes them. */
final class Shell {

    private Shell() {}

    /** The word itself when it is harmless; else in single quotes. */
    static String quoted(String word) {
        return word.matches("[\\w@%+=:,./\\\\-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
