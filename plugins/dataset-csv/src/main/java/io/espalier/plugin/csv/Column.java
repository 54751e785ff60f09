package io.espalier.plugin.csv;

import de.siegmar.fastcsv.reader.CsvRecord;
import io.espalier.spi.Quoted;
import io.espalier.spi.tensor.DataType;
import java.util.List;

/** What the cells of a column hold; learns one cell after the other. */
final class Column {

    private static final int LARGEST_BYTE = 255;

    /** Whole numbers up to this are exact as float32. */
    private static final double LARGEST_FLOAT = 1 << 24;

    private final int index;
    private final String name;
    private long numbers;
    private boolean whole = true;
    private double smallest = Double.POSITIVE_INFINITY;
    private double largest = Double.NEGATIVE_INFINITY;
    private long oddLine;
    private String odd = "";

    Column(int index, String name) {
        this.index = index;
        this.name = name;
    }

    void learn(CsvRecord row) {
        String cell = row.getField(index);
        double number = Numbers.of(cell);
        if (!Double.isNaN(number)) {
            numbers++;
            whole &= Numbers.isWhole(number);
            smallest = Math.min(smallest, number);
            largest = Math.max(largest, number);
        } else if (oddLine == 0) {
            oddLine = row.getStartingLineNumber();
            odd = cell;
        }
    }

    /** Position in a row, from 0. */
    int index() {
        return index;
    }

    String name() {
        return name;
    }

    boolean isNumeric() {
        return oddLine == 0;
    }

    /** Whether no cell holds a number. */
    boolean isText() {
        return numbers == 0;
    }

    /** Line of the first cell that is no number. */
    long oddLine() {
        return oddLine;
    }

    /** What the first cell that is no number holds, for messages. */
    String odd() {
        return "in the column " + Quoted.name(name) + (odd.isEmpty() ? " is empty" : " holds " + Quoted.name(odd));
    }

    /** Whether all cells hold whole numbers from 0 below a limit. */
    boolean isBelow(long limit) {
        return isNumeric() && whole && smallest >= 0 && largest < limit;
    }

    /** The smallest type that holds whole numbers of some columns, else float32. */
    static DataType type(List<Column> columns) {
        if (!columns.stream().allMatch(each -> each.whole)) {
            return DataType.FLOAT32;
        }
        double least = columns.stream().mapToDouble(each -> each.smallest).min().orElse(0);
        double most = columns.stream().mapToDouble(each -> each.largest).max().orElse(0);
        if (least >= 0 && most <= LARGEST_BYTE) {
            return DataType.UINT8;
        }
        return least >= Integer.MIN_VALUE && most <= Integer.MAX_VALUE ? DataType.INT32 : DataType.INT64;
    }

    /** A type that holds the numbers of some columns, each in the type that it would have alone. */
    static DataType common(List<Column> columns) {
        DataType type = type(columns);
        boolean exact = columns.stream()
                .filter(each -> each.whole)
                .allMatch(each -> Math.max(-each.smallest, each.largest) <= LARGEST_FLOAT);
        return type == DataType.FLOAT32 && !exact ? DataType.FLOAT64 : type;
    }
}
