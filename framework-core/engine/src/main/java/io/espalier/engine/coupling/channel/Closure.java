package io.espalier.engine.coupling.channel;

import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.label.LabelClasses;
import io.espalier.engine.coupling.label.SortedInts;
import java.util.Arrays;
import java.util.List;

/** What else goes when classes go: the cells of a row, and a row whose cells have all gone. Not thread-safe. */
public final class Closure {

    private static final int[] NONE = {};

    private final int[][] rowsOf;
    private final int[][] rowsWithCell;
    private final List<LabelClasses.Row> rows;
    private final Alignments alignments;

    /** The question being answered; marks of earlier ones count no more. */
    private int question;
    /** For each class the last question in which it goes. */
    private final int[] goneIn;
    /** For each row the last question that counted its cells, and how many of them go. */
    private final int[] countedIn;

    private final int[] goneCells;
    /** The same for each row of an alignment, and the last question that went through a column. */
    private final int[] rowCountedIn;

    private final int[] goneInRow;
    private final int[] columnSeenIn;
    /** The classes that go, in the order in which they were found. */
    private int[] gone = new int[64];

    private int count;

    /** The closure of removals under a coupling. */
    public Closure(Coupling coupling) {
        this.rows = coupling.classes().rows();
        this.alignments = new Alignments(
                coupling.classes().alignments(), coupling.classes().count());
        this.goneIn = new int[coupling.classes().count()];
        this.countedIn = new int[rows.size()];
        this.goneCells = new int[rows.size()];
        this.rowsOf = index(
                coupling.classes().count(),
                rows.stream().map(row -> new int[] {row.row()}).toList());
        this.rowsWithCell = index(
                coupling.classes().count(),
                rows.stream().map(LabelClasses.Row::cells).toList());
        this.rowCountedIn = new int[alignments.rows()];
        this.goneInRow = new int[alignments.rows()];
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

    /** All classes that go, in ascending order. */
    public int[] of(int... seeds) {
        if (!touchesRow(seeds)) {
            return SortedInts.distinct(seeds);
        }
        question++;
        count = 0;
        for (int seed : seeds) {
            add(seed);
        }
        int spread = 0;
        while (spread < count) {
            while (spread < count) {
                spread(gone[spread++]);
            }
            align();
        }
        int[] all = Arrays.copyOf(gone, count);
        Arrays.sort(all);
        return all;
    }

    private boolean isGone(int each) {
        return goneIn[each] == question;
    }

    private void add(int each) {
        if (!isGone(each)) {
            goneIn[each] = question;
            gone = count < gone.length ? gone : Arrays.copyOf(gone, 2 * count);
            gone[count++] = each;
        }
    }

    private void spread(int each) {
        for (int row : rowsOf[each]) {
            for (int cell : rows.get(row).cells()) {
                add(cell);
            }
        }
        for (int row : rowsWithCell[each]) {
            goneCells[row] = countedIn[row] == question ? goneCells[row] + 1 : 1;
            countedIn[row] = question;
            if (goneCells[row] == rows.get(row).cells().length) {
                add(rows.get(row).row());
            }
        }
        for (int position : alignments.positionsOf(each)) {
            int row = alignments.rowOf(position);
            goneInRow[row] = rowCountedIn[row] == question ? goneInRow[row] + 1 : 1;
            rowCountedIn[row] = question;
        }
    }

    /** What has gone from a row of which something stays goes from all rows. */
    private void align() {
        for (int i = 0, settled = count; i < settled; i++) {
            for (int position : alignments.positionsOf(gone[i])) {
                int row = alignments.rowOf(position);
                int top = alignments.topOf(position);
                if (goneInRow[row] < alignments.width(row) && columnSeenIn[top] != question) {
                    columnSeenIn[top] = question;
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
