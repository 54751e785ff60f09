package io.espalier.engine.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Ascending positions in short: {@code 0-3,7} stands for 0, 1, 2, 3 and 7. */
final class Ranges {

    private static final Pattern RANGE = Pattern.compile("(\\d{1,9})(?:-(\\d{1,9}))?");

    private Ranges() {}

    static String format(List<Integer> positions) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < positions.size(); ) {
            int end = i;
            while (end + 1 < positions.size() && positions.get(end + 1) == positions.get(end) + 1) {
                end++;
            }
            text.append(text.length() == 0 ? "" : ",").append(positions.get(i));
            if (end > i) {
                text.append('-').append(positions.get(end));
            }
            i = end + 1;
        }
        return text.toString();
    }

    /**
     * Reads positions.
     *
     * @param limit the number of positions there are
     * @throws IllegalArgumentException with a clause that says what is wrong
     */
    static List<Integer> parse(String text, int limit) {
        List<Integer> positions = new ArrayList<>();
        int next = 0;
        for (String part : text.split(",", -1)) {
            Matcher range = RANGE.matcher(part);
            if (!range.matches()) {
                throw new IllegalArgumentException("'" + part + "' is no range of positions such as 0-3");
            }
            int first = Integer.parseInt(range.group(1));
            int last = range.group(2) == null ? first : Integer.parseInt(range.group(2));
            if (first < next || last < first) {
                throw new IllegalArgumentException("positions must ascend, but '" + part + "' does not");
            }
            if (last >= limit) {
                throw new IllegalArgumentException(
                        "position " + last + " does not exist; there are " + limit + ", counted from 0");
            }
            for (int position = first; position <= last; position++) {
                positions.add(position);
            }
            next = last + 1;
        }
        return positions;
    }
}
