package io.espalier.engine.layer;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Names that are perhaps meant by something that is no name. */
public final class NearNames {

    private NearNames() {}

    /**
     * The names that have the longest piece in common with what was typed, equals in their order; none that an exporter made up.
     *
     * @param most how many at most
     */
    public static List<String> of(String typed, Collection<String> names, int most) {
        String wanted = typed.toLowerCase(Locale.ROOT);
        return names.stream()
                .filter(BestName::isGiven)
                .sorted(Comparator.comparingInt((String name) -> -common(wanted, name.toLowerCase(Locale.ROOT))))
                .limit(most)
                .toList();
    }

    /** Length of the longest piece that two texts have in common. */
    private static int common(String one, String other) {
        int[] row = new int[other.length() + 1];
        int longest = 0;
        for (int i = 0; i < one.length(); i++) {
            for (int j = other.length(); j > 0; j--) {
                row[j] = one.charAt(i) == other.charAt(j - 1) ? row[j - 1] + 1 : 0;
                longest = Math.max(longest, row[j]);
            }
        }
        return longest;
    }
}
