package io.espalier.engine.coupling.channel;

import io.espalier.engine.coupling.Coupling;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** Checks whether the kept positions of every grid form a rectangle. Immutable. */
public final class WidthCheck {

    private final List<Grid> grids = new ArrayList<>();
    private final List<int[]> classes = new ArrayList<>();
    /** For each class, the rows of grids that it lies in: the number of the grid, then the row, in one number. */
    private final long[][] rowsOf;

    /** A check of all grids of a graph. */
    public WidthCheck(Coupling coupling) {
        Set<List<Object>> seen = new LinkedHashSet<>();
        int[] counts = new int[coupling.classes().count()];
        for (Grid grid : Grid.of(coupling.graph())) {
            int[] cells =
                    Arrays.stream(grid.labels()).map(coupling.classes()::of).toArray();
            List<Object> key = List.of(IntBuffer.wrap(cells), IntBuffer.wrap(grid.extents()));
            if (Arrays.stream(cells).allMatch(cell -> cell < 0) || !seen.add(key)) {
                continue;
            }
            grids.add(grid);
            classes.add(cells);
            for (int cell : cells) {
                if (cell >= 0) {
                    counts[cell]++;
                }
            }
        }
        this.rowsOf = new long[counts.length][];
        Arrays.setAll(rowsOf, each -> new long[counts[each]]);
        for (int number = grids.size() - 1; number >= 0; number--) {
            int[] cells = classes.get(number);
            int width = grids.get(number).width();
            for (int i = cells.length - 1; i >= 0; i--) {
                if (cells[i] >= 0) {
                    rowsOf[cells[i]][--counts[cells[i]]] = (long) number << Integer.SIZE | i / width;
                }
            }
        }
    }

    /** A row that has lost fewer columns than another of its grid. */
    public record Deficit(int grid, int row) {}

    /** The value or parameter whose grid falls short. */
    public String origin(Deficit deficit) {
        return grids.get(deficit.grid()).origin();
    }

    /** Whether a class lies in a grid at all. */
    boolean isConstrained(int classNumber) {
        return rowsOf[classNumber].length > 0;
    }

    /** Classes of one row of a grid. */
    int[] rowClasses(Deficit deficit) {
        int width = grids.get(deficit.grid()).width();
        return Arrays.copyOfRange(classes.get(deficit.grid()), deficit.row() * width, (deficit.row() + 1) * width);
    }

    /**
     * The first row that keeps more columns than another of its grid, or empty when every grid is rectangular.
     *
     * @param removed classes that are removed; all others are kept
     */
    public Optional<Deficit> deficit(int... removed) {
        long[] lost = lost(removed);
        for (int start = 0; start < lost.length; ) {
            int grid = (int) (lost[start] >>> Integer.SIZE);
            int end = start;
            while (end < lost.length && (int) (lost[end] >>> Integer.SIZE) == grid) {
                end++;
            }
            int[] rows = new int[end - start];
            for (int i = 0; i < rows.length; i++) {
                rows[i] = (int) lost[start + i];
            }
            int row = shortRow(grids.get(grid).extents(), Losses.of(rows));
            if (row >= 0) {
                return Optional.of(new Deficit(grid, row));
            }
            start = end;
        }
        return Optional.empty();
    }

    /** The rows of all removed classes, in ascending order. */
    private long[] lost(int... removed) {
        int size = 0;
        for (int each : removed) {
            size += rowsOf[each].length;
        }
        long[] lost = new long[size];
        int next = 0;
        for (int each : removed) {
            System.arraycopy(rowsOf[each], 0, lost, next, rowsOf[each].length);
            next += rowsOf[each].length;
        }
        Arrays.sort(lost);
        return lost;
    }

    /**
     * How much rows have lost.
     *
     * @param rows rows that have lost something, in ascending order
     * @param counts how much each of them has lost
     */
    private record Losses(int[] rows, int[] counts) {

        /** Counts rows that come in ascending order, once for each loss. */
        static Losses of(int... each) {
            int[] rows = new int[each.length];
            int[] counts = new int[each.length];
            int size = 0;
            for (int row : each) {
                if (size == 0 || rows[size - 1] != row) {
                    rows[size++] = row;
                }
                counts[size - 1]++;
            }
            return new Losses(Arrays.copyOf(rows, size), Arrays.copyOf(counts, size));
        }
    }

    /** The first innermost row that lost fewer than the others, looking at all levels of nesting; -1 when there is none. */
    private static int shortRow(int[] extents, Losses lost) {
        int level = extents.length - 1;
        int width = extents[level];
        int[] emptied = IntStream.range(0, lost.rows().length)
                .filter(i -> lost.counts()[i] == width)
                .map(i -> lost.rows()[i])
                .toArray();
        int most = IntStream.of(lost.counts())
                .filter(count -> count != width)
                .max()
                .orElse(0);
        if (most > 0) {
            int rows = 1;
            for (int i = 0; i < level; i++) {
                rows *= extents[i];
            }
            int next = 0;
            for (int row = 0; row < rows; row++) {
                boolean loses = next < lost.rows().length && lost.rows()[next] == row;
                int count = loses ? lost.counts()[next++] : 0;
                if (count < most) {
                    return row;
                }
            }
        }
        if (emptied.length == 0 || level <= 1) {
            return -1;
        }
        int[] outer = Arrays.copyOf(extents, level);
        int inner = outer[level - 1];
        int row = shortRow(
                outer, Losses.of(IntStream.of(emptied).map(each -> each / inner).toArray()));
        return row < 0 ? row : row * inner;
    }
}
