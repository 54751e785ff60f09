package io.espalier.engine.coupling.channel;

import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.label.LabelClasses;
import io.espalier.engine.coupling.label.SortedInts;
import java.util.Arrays;
import java.util.List;

/** The classes that must be removed with others: the cells of a row, and a row all of whose cells are removed. Not thread-safe. */
public final class Closure {

    private static final int[] NONE = {};

    private final int[][] rowsOf;
    private final int[][] rowsWithCell;
    private final List<LabelClasses.Row> rows;
    private final Alignments alignments;

    /** Number of the current query; marks of earlier queries are ignored. */
    private int query;
    /** For each class the last query in which it is removed. */
    private final int[] removedIn;
    /** For each row the last query that counted its cells, and how many of them are removed. */
    private final int[] countedIn;

    private final int[] removedCells;
    /** The same for each row of an alignment, and the last query that followed a column. */
    private final int[] rowCountedIn;

    private final int[] removedInRow;
    private final int[] columnSeenIn;
    /** The removed classes, in the order in which they were found. */
    private int[] removed = new int[64];

    private int count;

    /** The closure of removals under a coupling. */
    public Closure(Coupling coupling) {
        this.rows = coupling.classes().rows();
        this.alignments = new Alignments(
                coupling.classes().alignments(), coupling.classes().count());
        this.removedIn = new int[coupling.classes().count()];
        this.countedIn = new int[rows.size()];
        this.removedCells = new int[rows.size()];
        this.rowsOf = index(
                coupling.classes().count(),
                rows.stream().map(row -> new int[] {row.row()}).toList());
        this.rowsWithCell = index(
                coupling.classes().count(),
                rows.stream().map(LabelClasses.Row::cells).toList());
        this.rowCountedIn = new int[alignments.rows()];
        this.removedInRow = new int[alignments.rows()];
        this.columnSeenIn = new int[alignments.size()];
    }

    /** For each class, the numbers of the lists that it is in. */
    private static int[][] index(int classes, List<int[]> lists) {
        int[] counts = new int[classes];
        lists.forEach(list -> {
            for (int each : list) {
                counts[each]++;
            }
        });
        int[][] index = new int[classes][];
        Arrays.setAll(index, each -> counts[each] == 0 ? NONE : new int[counts[each]]);
        Arrays.fill(counts, 0);
        for (int number = 0; number < lists.size(); number++) {
            for (int each : lists.get(number)) {
                index[each][counts[each]++] = number;
            }
        }
        return index;
    }

    private boolean touchesRow(int... classes) {
        for (int each : classes) {
            if (rowsOf[each].length + rowsWithCell[each].length + alignments.positionsOf(each).length > 0) {
                return true;
            }
        }
        return false;
    }

    /** All classes that are removed with some, in ascending order. */
    public int[] of(int... seeds) {
        if (!touchesRow(seeds)) {
            return SortedInts.distinct(seeds);
        }
        query++;
        count = 0;
        for (int seed : seeds) {
            add(seed);
        }
        int spread = 0;
        while (spread < count) {
            while (spread < count) {
                spread(removed[spread++]);
            }
            align();
        }
        int[] all = Arrays.copyOf(removed, count);
        Arrays.sort(all);
        return all;
    }

    private boolean isRemoved(int each) {
        return removedIn[each] == query;
    }

    private void add(int each) {
        if (!isRemoved(each)) {
            removedIn[each] = query;
            removed = count < removed.length ? removed : Arrays.copyOf(removed, 2 * count);
            removed[count++] = each;
        }
    }

    private void spread(int each) {
        for (int row : rowsOf[each]) {
            for (int cell : rows.get(row).cells()) {
                add(cell);
            }
        }
        for (int row : rowsWithCell[each]) {
            removedCells[row] = countedIn[row] == query ? removedCells[row] + 1 : 1;
            countedIn[row] = query;
            if (removedCells[row] == rows.get(row).cells().length) {
                add(rows.get(row).row());
            }
        }
        for (int position : alignments.positionsOf(each)) {
            int row = alignments.rowOf(position);
            removedInRow[row] = rowCountedIn[row] == query ? removedInRow[row] + 1 : 1;
            rowCountedIn[row] = query;
        }
    }

    /** A column that is removed from a row which keeps others is removed from all rows. */
    private void align() {
        for (int i = 0, settled = count; i < settled; i++) {
            for (int position : alignments.positionsOf(removed[i])) {
                int row = alignments.rowOf(position);
                int top = alignments.topOf(position);
                if (removedInRow[row] < alignments.width(row) && columnSeenIn[top] != query) {
                    columnSeenIn[top] = query;
                    addColumn(top, alignments.width(row));
                }
            }
        }
    }

    private void addColumn(int top, int width) {
        for (int position = top; position < alignments.endOf(top); position += width) {
            if (alignments.at(position) >= 0) {
                add(alignments.at(position));
            }
        }
    }
}
