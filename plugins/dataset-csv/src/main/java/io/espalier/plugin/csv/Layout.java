package io.espalier.plugin.csv;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What the beginning of a file says of its form.
 *
 * @param delimiter what parts cells
 * @param records the first records, each with its cells; the last one is left out where the beginning cuts it
 * @param cut the cells of a single record that is cut, without the last
 */
record Layout(char delimiter, List<List<String>> records, List<String> cut) {

    /** The rarest in prose and in numbers first. */
    private static final char[] DELIMITERS = {'\t', ';', '|', ','};

    /** What people call columns of texts; a file that has one is not a table of numbers. */
    private static final List<String> TEXTS = List.of("text", "sentence", "review", "content", "document");

    private static final int MOST_RECORDS = 10;

    /**
     * The layout of a file.
     *
     * @param whole whether the text is all of the file
     */
    static Layout of(String text, boolean whole) {
        Layout widest = with(',', text, whole);
        for (char delimiter : DELIMITERS) {
            Layout layout = with(delimiter, text, whole);
            if (layout.isRegular()) {
                return layout;
            }
            if (layout.width() > widest.width()) {
                widest = layout;
            }
        }
        return widest;
    }

    static Layout with(char delimiter, String text, boolean whole) {
        List<List<String>> records = new ArrayList<>();
        try (CsvReader<CsvRecord> reader = CsvRecords.of(delimiter, text)) {
            for (CsvRecord each : reader) {
                records.add(each.getFields());
                if (records.size() > MOST_RECORDS) {
                    break;
                }
            }
        } catch (CsvParseException e) {
            // Only the beginning counts here; reading the whole file says what is wrong with it.
            return split(delimiter, records, whole);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return split(delimiter, records, whole);
    }

    private static Layout split(char delimiter, List<List<String>> records, boolean whole) {
        boolean cut = !whole && !records.isEmpty() && records.size() <= MOST_RECORDS;
        if (!cut) {
            return new Layout(delimiter, records, List.of());
        }
        List<String> last = records.remove(records.size() - 1);
        return new Layout(delimiter, records, records.isEmpty() ? last.subList(0, last.size() - 1) : List.of());
    }

    /** Number of cells of the first record. */
    int width() {
        return records.isEmpty() ? cut.size() : records.get(0).size();
    }

    private boolean isRegular() {
        return width() > 1 && records.stream().allMatch(each -> each.size() == width());
    }

    /** Whether the first record names the columns: it has no number, a name of labels, or no number above one. */
    boolean hasHeader() {
        List<String> first = records.isEmpty() ? cut : records.get(0);
        if (first.stream().noneMatch(Numbers::isNumber) || first.stream().anyMatch(LabelNames::contain)) {
            return true;
        }
        List<String> second = records.size() > 1 ? records.get(1) : List.of();
        for (int i = 0; i < Math.min(first.size(), second.size()); i++) {
            if (!Numbers.isNumber(first.get(i)) && Numbers.isNumber(second.get(i))) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether this is a table of numbers: more than half of the cells of a row are, or half of them beside words of classes.
     * Where the head of a wide file reaches no row, its names decide.
     */
    boolean isTable() {
        if (!cut.isEmpty()) {
            return cut.stream().noneMatch(each -> each.contains(" "));
        }
        if (!isRegular() || records.size() == 1 && hasHeader()) {
            return false;
        }
        List<String> row = records.get(Math.min(1, records.size() - 1));
        for (int i = 0; i < row.size(); i++) {
            if (TEXTS.contains(records.get(0).get(i).toLowerCase(Locale.ROOT)) && !Numbers.isNumber(row.get(i))) {
                return false;
            }
        }
        long numbers = row.stream().filter(Numbers::isNumber).count();
        boolean prose = row.stream().anyMatch(each -> each.contains(" "));
        return 2 * numbers > row.size() || 2 * numbers == row.size() && !prose;
    }
}
