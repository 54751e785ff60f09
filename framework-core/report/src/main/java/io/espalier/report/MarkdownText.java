package io.espalier.report;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Markdown in the making. Not thread-safe. */
final class MarkdownText {

    private final StringBuilder text = new StringBuilder();

    void line(String content) {
        text.append(content).append('\n');
    }

    /** Begins a table. */
    void table(String... heads) {
        row(heads);
        line("|" + "---|".repeat(heads.length));
    }

    void row(String... cells) {
        line(Stream.of(cells).collect(Collectors.joining(" | ", "| ", " |")));
    }

    /** A sentence in which nothing is markup. */
    static String plain(String sentence) {
        return sentence.replaceAll("[\\r\\n]+", " ").replaceAll("([\\\\`*_<>\\[\\]|])", "\\\\$1");
    }

    /** Text that is shown as it is, also in a table. */
    static String code(String name) {
        String plain = name.replaceAll("[\\r\\n]+", " ").replace("|", "\\|");
        String fence = "`".repeat(1 + longestTicks(plain));
        return plain.isEmpty() ? "" : fence.length() == 1 ? fence + plain + fence : fence + " " + plain + " " + fence;
    }

    private static int longestTicks(String name) {
        int longest = 0;
        int now = 0;
        for (char each : name.toCharArray()) {
            now = each == '`' ? now + 1 : 0;
            longest = Math.max(longest, now);
        }
        return longest;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
