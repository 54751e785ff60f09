package io.espalier.host;

import java.util.Optional;
import java.util.regex.Pattern;

/** Names of extensions: kebab-case, ASCII, at most 64 characters. */
final class NameRule {

    private static final int LONGEST = 64;
    private static final Pattern KEBAB_CASE = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

    private NameRule() {}

    /** What is wrong with a name; empty when nothing. */
    static Optional<String> violation(String name) {
        if (name == null) {
            return Optional.of("it has no name");
        }
        if (name.length() > LONGEST) {
            return Optional.of("its name is " + name.length() + " characters long, more than " + LONGEST);
        }
        if (!KEBAB_CASE.matcher(name).matches()) {
            return Optional.of("its name '" + name + "' is not kebab-case (a-z, 0-9 and single hyphens)");
        }
        return Optional.empty();
    }
}
