package io.espalier.cli.text;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Rows of cells in aligned columns. Not thread-safe. */
public final class Table {

    private static final String GAP = "  ";

    private final List<Align> columns;
    private final List<List<Cell>> rows = new ArrayList<>();

    /** How a column is aligned. */
    public enum Align {
        LEFT,
        RIGHT
    }

    /**
     * A cell.
     *
     * @param text what is shown; control characters are escaped
     * @param style how it is painted, applied after padding is known
     */
    public record Cell(String text, UnaryOperator<String> style) {

        public Cell {
            text = Clean.text(text);
        }

        /** A cell without paint. */
        public static Cell of(String text) {
            return new Cell(text, UnaryOperator.identity());
        }
    }

    /** A table with these columns. */
    public Table(Align... columns) {
        this.columns = List.of(columns);
    }

    /** Adds a row of plain cells; missing cells are empty. */
    public Table row(String... cells) {
        return row(List.of(cells).stream().map(Cell::of).toList());
    }

    /** Adds a row. */
    public Table row(List<Cell> cells) {
        if (cells.size() > columns.size()) {
            throw new IllegalArgumentException(cells.size() + " cells in " + columns.size() + " columns");
        }
        rows.add(List.copyOf(cells));
        return this;
    }

    /** Whether there is no row. */
    public boolean isEmpty() {
        return rows.isEmpty();
    }

    /** The lines, each indented by so many spaces and without spaces at its end. */
    public List<String> lines(int indent) {
        int[] widths = new int[columns.size()];
        for (List<Cell> row : rows) {
            for (int column = 0; column < row.size(); column++) {
                widths[column] = Math.max(widths[column], width(row.get(column).text()));
            }
        }
        return rows.stream().map(row -> line(row, widths, indent)).toList();
    }

    private String line(List<Cell> row, int[] widths, int indent) {
        StringBuilder line = new StringBuilder(" ".repeat(indent));
        StringBuilder pending = new StringBuilder();
        for (int column = 0; column < row.size(); column++) {
            Cell cell = row.get(column);
            String fill = " ".repeat(widths[column] - width(cell.text()));
            boolean right = columns.get(column) == Align.RIGHT;
            pending.append(right ? fill : "");
            if (!cell.text().isEmpty()) {
                line.append(pending).append(cell.style().apply(cell.text()));
                pending.setLength(0);
            }
            pending.append(right ? "" : fill).append(GAP);
        }
        return line.toString();
    }

    private static int width(String text) {
        return text.codePointCount(0, text.length());
    }
}
