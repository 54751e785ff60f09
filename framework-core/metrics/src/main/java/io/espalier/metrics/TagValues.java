package io.espalier.metrics;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Values of one tag that come from plug-ins or from the network, made few: lower case, short, and at most
 * {@value #MAX_VALUES} different ones. All others are {@value #OTHER}. Not thread-safe.
 */
final class TagValues {

    static final int MAX_VALUES = 40;
    static final String OTHER = "other";
    static final String UNKNOWN = "unknown";

    private static final Pattern PLAIN = Pattern.compile("[a-z0-9][a-z0-9._-]{0,39}");

    private final Set<String> known = new HashSet<>();

    /** What may be a tag for this value. */
    String of(String value) {
        if (value.isEmpty()) {
            return UNKNOWN;
        }
        String plain = value.toLowerCase(Locale.ROOT).replace('_', '-');
        if (!PLAIN.matcher(plain).matches() || !known.contains(plain) && known.size() >= MAX_VALUES) {
            return OTHER;
        }
        known.add(plain);
        return plain;
    }
}
