package io.espalier.plugin.text;

import java.util.List;
import java.util.regex.Pattern;

/** Tells texts from tables, markup and bytes by their beginning. */
final class Prose {

    private static final List<String> DELIMITERS = List.of("\t", ";", "|", ",");
    private static final Pattern NUMBER = Pattern.compile("\"?\\s*[-+]?[\\d.]+([eE][-+]?\\d+)?\\s*\"?");
    private static final Pattern MARKUP = Pattern.compile("\\s*[{\\[<%].*", Pattern.DOTALL);

    private Prose() {}

    /** Whether a beginning is text in words: it has letters and blanks, and is neither a table of numbers nor markup. */
    static boolean isIn(String text, boolean whole) {
        boolean plain = text.chars().allMatch(each -> each == '\t' || each == '\r' || each == '\n' || each >= ' ');
        List<String> lines = text.lines().filter(each -> !each.isBlank()).toList();
        if (!plain || lines.isEmpty() || MARKUP.matcher(text).matches()) {
            return false;
        }
        List<String> complete = whole || lines.size() == 1 ? lines : lines.subList(0, lines.size() - 1);
        String last = complete.get(complete.size() - 1);
        long letters = text.codePoints().filter(Character::isLetter).count();
        long digits = text.codePoints().filter(Character::isDigit).count();
        boolean words = complete.stream().anyMatch(each -> each.strip().contains(" ") || !isAscii(each));
        boolean table = DELIMITERS.stream().anyMatch(each -> isTable(last, each)) && !TextForm.namesTexts(lines.get(0));
        return words && letters > digits && !table;
    }

    /** Texts of some languages have no blanks. */
    private static boolean isAscii(String text) {
        return text.chars().allMatch(each -> each < 128);
    }

    private static boolean isTable(String line, String delimiter) {
        String[] cells = line.split(Pattern.quote(delimiter), -1);
        long numbers = List.of(cells).stream()
                .filter(each -> NUMBER.matcher(each).matches())
                .count();
        return 2 * numbers > cells.length;
    }
}
