package io.espalier.engine.coupling.label;

import io.espalier.spi.BudgetException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All labels of an analysis and the relations between them.
 *
 * <p><em>Joined</em> labels are always removed together. <em>Tied</em> labels are removed together when a column is
 * removed, but a row may be removed without them: the columns of a rotary table are tied to the same column of every
 * head, yet a whole head can be removed. A <em>row</em> is a label that is removed exactly when all its cells are.
 */
public class Labels {

    private final Partition joined = new Partition();
    private final Partition tied = new Partition();
    private final Map<Integer, Barrier> frozen = new LinkedHashMap<>();
    private final List<Row> rows = new ArrayList<>();
    private final Map<CellList, Integer> rowByCells = new HashMap<>();
    private final Map<int[], Map<List<Integer>, int[]>> rowCache = new IdentityHashMap<>();
    private final List<Integer> wholeRows = new ArrayList<>();
    private final List<Integer> fillers = new ArrayList<>();
    private final List<Integer> repetitions = new ArrayList<>();
    private final List<Alignment> alignments = new ArrayList<>();
    private final long most;
    private int count;

    /** No labels yet, and at most so many. */
    public Labels(long most) {
        this.most = most;
    }

    /** A label that is removed exactly when all cells are. */
    public record Row(int label, int[] cells) {}

    /**
     * Rows that must lose the same columns, except that a row may be removed as a whole.
     *
     * @param labels the labels, row by row
     * @param width number of columns
     */
    record Alignment(int[] labels, int width) {}

    private record CellList(int[] cells) {
        @Override
        public boolean equals(Object other) {
            return other instanceof CellList list && Arrays.equals(cells, list.cells);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(cells);
        }
    }

    public int count() {
        return count;
    }

    /** Makes consecutive new labels. */
    public int[] fresh(int howMany) {
        if ((long) count + howMany > most) {
            throw new BudgetException("more than " + most + " channel positions would have to be followed", "elements");
        }
        int[] labels = new int[howMany];
        for (int i = 0; i < howMany; i++) {
            labels[i] = count + i;
        }
        count += howMany;
        joined.growTo(count);
        tied.growTo(count);
        return labels;
    }

    /** Labels of the positions of an axis that Expand or Tile made; how many there are follows from the axes they are combined with. */
    public int[] repetition(int howMany) {
        int[] labels = filler(howMany);
        for (int label : labels) {
            repetitions.add(label);
        }
        return labels;
    }

    /** Labels of positions that no parameter holds, such as padding; how many there are follows from the axes they are combined with. */
    public int[] filler(int howMany) {
        int[] labels = fresh(howMany);
        for (int label : labels) {
            fillers.add(label);
        }
        return labels;
    }

    public int find(int label) {
        return joined.find(label);
    }

    /** The labels that are removed with this one when it is removed as a column. */
    int findTied(int label) {
        return tied.find(joined.find(label));
    }

    /** Demands that two labels are always removed together. */
    public void join(int left, int right, Barrier whenFixed) {
        if (left == right) {
            return;
        }
        if (left == LabelMap.FIXED || right == LabelMap.FIXED) {
            freeze(Math.max(left, right), whenFixed);
            return;
        }
        int a = joined.find(left);
        int b = joined.find(right);
        if (a == b) {
            return;
        }
        int root = joined.union(a, b);
        tied.union(a, b);
        Barrier reason = frozen.get(Math.max(a, b));
        if (reason != null) {
            frozen.putIfAbsent(root, reason);
        }
    }

    /** Demands that two labels are removed together when either is removed as a column. */
    public void tie(int left, int right, Barrier whenFixed) {
        if (left == LabelMap.FIXED || right == LabelMap.FIXED) {
            if (left != right) {
                freeze(Math.max(left, right), whenFixed);
            }
            return;
        }
        tied.union(joined.find(left), joined.find(right));
    }

    /** Demands that rows lose the same columns, except that a row may be removed as a whole. */
    public void align(int[] labels, int width, Barrier whenFixed) {
        for (int column = 0; column < width; column++) {
            boolean fixed = false;
            for (int i = column; i < labels.length; i += width) {
                fixed |= labels[i] == LabelMap.FIXED;
            }
            for (int i = column; fixed && i < labels.length; i += width) {
                freeze(labels[i], whenFixed);
            }
        }
        alignments.add(new Alignment(labels, width));
    }

    List<Alignment> alignments() {
        return alignments;
    }

    /** Demands that a label is never removed. The first reason is kept. */
    public void freeze(int label, Barrier reason) {
        if (label != LabelMap.FIXED) {
            frozen.putIfAbsent(joined.find(label), reason);
        }
    }

    Map<Integer, Barrier> frozen() {
        Map<Integer, Barrier> byRoot = new LinkedHashMap<>();
        frozen.forEach((label, reason) -> byRoot.putIfAbsent(joined.find(label), reason));
        return byRoot;
    }

    public List<Row> rows() {
        return rows;
    }

    List<Integer> wholeRows() {
        return wholeRows;
    }

    List<Integer> repetitions() {
        return repetitions;
    }

    List<Integer> fillers() {
        return fillers;
    }

    /** Marks rows that an operator treats one by one, such as attention heads: they may be removed whole. */
    public void markWhole(int[] labels) {
        for (int label : labels) {
            if (label != LabelMap.FIXED) {
                wholeRows.add(label);
            }
        }
    }

    /** Joins rows that have come to consist of the same cells. */
    public void joinEqualRows() {
        boolean changed = true;
        while (changed) {
            changed = false;
            Map<CellList, Integer> byCells = new HashMap<>();
            for (Row row : rows) {
                int[] cells = row.cells().clone();
                Arrays.setAll(cells, i -> joined.find(row.cells()[i]));
                cells = SortedInts.distinct(cells);
                int first =
                        cells.length == 1 ? cells[0] : byCells.computeIfAbsent(new CellList(cells), key -> row.label());
                if (joined.find(first) != joined.find(row.label())) {
                    join(first, row.label(), null);
                    changed = true;
                }
            }
        }
    }

    /**
     * The labels of a map seen at some of its factors: at each position, the row of all labels that share it.
     *
     * @param factors a subset of the factors of the map, in the order of the map
     */
    public int[] rowsAt(LabelMap map, List<AxisFactor> factors) {
        if (factors.equals(map.factors())) {
            return map.labels();
        }
        List<Integer> key = factors.stream().map(map.factors()::indexOf).toList();
        return rowCache.computeIfAbsent(map.labels(), labels -> new HashMap<>())
                .computeIfAbsent(key(map, key), ignored -> makeRows(map, factors));
    }

    private static List<Integer> key(LabelMap map, List<Integer> positions) {
        List<Integer> key = new ArrayList<>(positions);
        key.add(-1);
        map.factors().forEach(factor -> key.add(factor.count()));
        return key;
    }

    private int[] makeRows(LabelMap map, List<AxisFactor> factors) {
        List<AxisFactor> order = new ArrayList<>(factors);
        map.factors().stream().filter(factor -> !factors.contains(factor)).forEach(order::add);
        int[] cells = map.labelsOver(order);
        int rowCount = 1;
        for (AxisFactor factor : factors) {
            rowCount *= factor.count();
        }
        int width = cells.length / rowCount;
        int[] result = new int[rowCount];
        for (int row = 0; row < rowCount; row++) {
            result[row] = row(Arrays.copyOfRange(cells, row * width, (row + 1) * width));
        }
        return result;
    }

    private int row(int[] cells) {
        int[] distinct = SortedInts.distinct(cells);
        if (distinct[0] == LabelMap.FIXED || distinct.length == 1) {
            return distinct[0];
        }
        return rowByCells.computeIfAbsent(new CellList(distinct), list -> {
            int label = fresh(1)[0];
            rows.add(new Row(label, list.cells()));
            return label;
        });
    }
}
