package io.espalier.plugin.text;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Quoted;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Where texts and labels stand in a file.
 *
 * @param delimiter what parts columns; {@link TextFile#LINES} when a line is a text
 * @param header whether the first line names the columns
 * @param width number of columns
 * @param text column of texts
 * @param label column of labels; negative when there is none
 */
record TextForm(char delimiter, boolean header, int width, int text, int label) {

    private static final List<String> TEXTS = List.of("text", "sentence", "review", "content", "document");
    private static final List<String> LABELS = List.of("label", "class", "target", "y");
    private static final char[] QUOTING = {';', ',', '|'};
    private static final int ROWS = 20;

    static TextForm of(TextFile file, String text, String label, String header) {
        char delimiter = delimiter(file, text);
        List<TextRow> rows = file.beginning(delimiter, ROWS);
        if (rows.isEmpty()) {
            throw file.refused("it holds no texts");
        }
        List<String> first = rows.get(0).cells();
        boolean named = header.equals("auto")
                ? hasAny(first, TEXTS) || hasAny(first, LABELS) && first.size() > 1
                : header.equals("yes");
        int texts = text.equals("auto") ? texts(file, rows, named) : column(file, "text", text, first, named);
        int labels = labels(file, label, first, named, texts);
        return new TextForm(delimiter, named, first.size(), texts, labels);
    }

    /** Tabs part columns when all lines have as many; other characters when the first line names a column of texts. */
    private static char delimiter(TextFile file, String text) {
        List<TextRow> byTab = file.beginning('\t', ROWS);
        int width = byTab.isEmpty() ? 1 : byTab.get(0).cells().size();
        if (width > 1
                && (!text.equals("auto")
                        || byTab.stream().allMatch(each -> each.cells().size() == width))) {
            return '\t';
        }
        for (char each : QUOTING) {
            List<TextRow> rows = file.beginning(each, 1);
            List<String> first = rows.isEmpty() ? List.of() : rows.get(0).cells();
            if (first.size() > 1 && (hasAny(first, TEXTS) || first.contains(text))) {
                return each;
            }
        }
        return TextFile.LINES;
    }

    /** Whether a line names a column of texts, whatever parts its columns. */
    static boolean namesTexts(String line) {
        return hasAny(
                List.of(line.split("[\t;,|]")).stream()
                        .map(each -> each.replace("\"", "").strip())
                        .toList(),
                TEXTS);
    }

    private static boolean hasAny(List<String> cells, List<String> names) {
        return place(cells, names) >= 0;
    }

    private static int place(List<String> cells, List<String> names) {
        List<String> lower =
                cells.stream().map(each -> each.toLowerCase(Locale.ROOT)).toList();
        return names.stream()
                .mapToInt(lower::indexOf)
                .filter(at -> at >= 0)
                .findFirst()
                .orElse(-1);
    }

    /** The column of that name, else the longer of two. */
    private static int texts(TextFile file, List<TextRow> rows, boolean named) {
        List<String> first = rows.get(0).cells();
        int found = named ? place(first, TEXTS) : -1;
        if (found >= 0 || first.size() == 1) {
            return Math.max(0, found);
        }
        if (first.size() > 2) {
            throw file.refused("it has " + first.size()
                    + " columns; say which holds the texts and which the labels (--data-option text=2 --data-option"
                    + " label=1)");
        }
        long[] lengths = new long[2];
        rows.stream()
                .skip(named ? 1 : 0)
                .filter(each -> each.cells().size() == 2)
                .forEach(each -> {
                    lengths[0] += each.cells().get(0).length();
                    lengths[1] += each.cells().get(1).length();
                });
        return lengths[0] > lengths[1] ? 0 : 1;
    }

    private static int labels(TextFile file, String label, List<String> first, boolean named, int texts) {
        if (label.equals("none")) {
            return -1;
        }
        if (!label.equals("auto")) {
            return column(file, "label", label, first, named);
        }
        int found = named ? place(first, LABELS) : -1;
        return found < 0 && first.size() == 2 ? 1 - texts : found;
    }

    private static int column(TextFile file, String option, String wanted, List<String> first, boolean named) {
        int found = named ? first.indexOf(wanted) : -1;
        if (found < 0 && wanted.matches("[1-9]\\d{0,3}") && Integer.parseInt(wanted) <= first.size()) {
            found = Integer.parseInt(wanted) - 1;
        }
        if (found < 0) {
            throw new InvalidInputException(
                    "the data option '" + option + "' names " + Quoted.name(wanted) + ", but '" + file.path() + "' has "
                            + first.size() + " columns" + (named ? ": " + Quoted.name(first.toString()) : ""));
        }
        return found;
    }

    /**
     * Hands over all rows of the file but the header, in order.
     *
     * @throws InvalidInputException when a row has another number of columns than the first, or cannot be read
     */
    void rows(TextFile file, Consumer<TextRow> action) {
        boolean[] isHeader = {header};
        file.read(delimiter, row -> {
            if (row.cells().size() != width) {
                throw file.refused(
                        row.line(), "has " + row.cells().size() + " columns, but the first line has " + width);
            }
            if (!isHeader[0]) {
                action.accept(row);
            }
            isHeader[0] = false;
            return true;
        });
    }
}
