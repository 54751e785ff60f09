package io.espalier.engine.coupling.propagate;

import io.espalier.engine.coupling.label.AxisFactor;
import io.espalier.engine.coupling.label.Barrier;
import io.espalier.engine.coupling.label.LabelMap;
import io.espalier.engine.coupling.label.Labels;
import io.espalier.engine.coupling.label.Layout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

/** Relates the label maps of the operands of one operator. */
final class Relations {

    /** Why columns are tied where a statistic is taken over them. */
    static final String STATISTIC = "a statistic is taken over it";

    private final Labels labels;

    Relations(Labels labels) {
        this.labels = labels;
    }

    /**
     * Demands that nothing is removed along some factors alone: labels along them are joined, and where a map varies
     * along nothing else its labels are frozen.
     */
    Layout collapse(Layout layout, List<AxisFactor> along, Barrier reason) {
        List<LabelMap> changed = new ArrayList<>();
        for (LabelMap map : layout.maps()) {
            if (!map.coversAny(along)) {
                changed.add(map);
                continue;
            }
            List<AxisFactor> rest = map.factors().stream()
                    .filter(factor -> !along.contains(factor))
                    .toList();
            if (rest.isEmpty()) {
                freeze(map, reason);
            } else {
                changed.add(joinOver(map, rest, reason));
            }
        }
        return layout.withMaps(changed);
    }

    void freeze(Layout layout, Barrier reason) {
        layout.maps().forEach(map -> freeze(map, reason));
    }

    void freeze(LabelMap map, Barrier reason) {
        for (int label : map.labels()) {
            labels.freeze(label, reason);
        }
    }

    /** Joins all labels of a map that agree on the given factors. */
    private LabelMap joinOver(LabelMap map, List<AxisFactor> rest, Barrier reason) {
        List<AxisFactor> order = innermostLast(map, rest);
        int[] ordered = map.labelsOver(order);
        int width = ordered.length / AxisFactor.count(rest);
        int[] joined = new int[AxisFactor.count(rest)];
        for (int row = 0; row < joined.length; row++) {
            joined[row] = ordered[row * width];
            for (int i = 1; i < width; i++) {
                labels.join(joined[row], ordered[row * width + i], reason);
                if (ordered[row * width + i] == LabelMap.FIXED) {
                    joined[row] = LabelMap.FIXED;
                }
            }
        }
        return new LabelMap(rest, joined);
    }

    private static List<AxisFactor> innermostLast(LabelMap map, List<AxisFactor> first) {
        List<AxisFactor> order = new ArrayList<>(first);
        map.factors().stream().filter(factor -> !first.contains(factor)).forEach(order::add);
        return order;
    }

    /**
     * Relates two label maps of operands that are combined position by position on their common factors.
     *
     * <p>Level by level from the outside: where the common factors are the outermost ones of both maps, the rows
     * there are joined; where a map has further factors in between, as a key shared by several query heads has, its
     * columns are tied across those.
     */
    void relate(LabelMap left, LabelMap right, Barrier reason) {
        List<AxisFactor> common = left.factors().stream().filter(right::covers).toList();
        if (common.isEmpty()) {
            return;
        }
        List<AxisFactor> otherOrder =
                right.factors().stream().filter(left::covers).toList();
        if (!common.equals(otherOrder)) {
            tieInversions(left, otherOrder, reason);
            tieInversions(right, common, reason);
            relateLevel(left, right, common, reason);
            return;
        }
        if (common.size() == left.factors().size()
                && common.size() == right.factors().size()) {
            join(left.labels(), right.labels(), reason);
            return;
        }
        for (int level = 1; level <= common.size(); level++) {
            relateLevel(left, right, common.subList(0, level), reason);
        }
    }

    private void relateLevel(LabelMap left, LabelMap right, List<AxisFactor> common, Barrier reason) {
        Level first = level(left, common);
        Level second = level(right, common);
        if (first.width == 1 && second.width == 1) {
            join(first.labels, second.labels, reason);
            return;
        }
        for (int position = 0; position < AxisFactor.count(common); position++) {
            int anchor = first.labels[position * first.width];
            first.tieRow(labels, position, anchor, reason);
            second.tieRow(labels, position, anchor, reason);
        }
        align(first, second, common.get(common.size() - 1).count(), reason);
        // A column that is removed from one as a whole is removed from the other, whatever else each varies along.
        join(columns(left, common), columns(right, common), reason);
    }

    /** Rows that are combined along a factor must lose the same positions of it, except a row that is removed as a whole. */
    private void align(Level first, Level second, int count, Barrier reason) {
        for (int start = 0; start < first.labels.length / first.width; start += count) {
            int[] rows = Arrays.copyOf(first.rows(start, count), count * (first.width + second.width));
            System.arraycopy(second.rows(start, count), 0, rows, count * first.width, count * second.width);
            labels.align(rows, count, reason);
        }
    }

    /** For each position of some factors, the row of all labels of a map that share it. */
    private int[] columns(LabelMap map, List<AxisFactor> common) {
        List<AxisFactor> own = map.factors().stream().filter(common::contains).toList();
        return new LabelMap(own, labels.rowsAt(map, own)).labelsOver(common);
    }

    /** Labels of a map at some of its factors: several for one position when further factors lie in between. */
    private record Level(int[] labels, int width) {

        void tieRow(Labels all, int position, int anchor, Barrier reason) {
            for (int i = 0; i < width; i++) {
                all.tie(anchor, labels[position * width + i], reason);
            }
        }

        /** Labels of some consecutive positions, one row for each of the further factors. */
        int[] rows(int start, int count) {
            int[] rows = new int[count * width];
            for (int position = 0; position < count; position++) {
                for (int i = 0; i < width; i++) {
                    rows[i * count + position] = labels[(start + position) * width + i];
                }
            }
            return rows;
        }
    }

    private Level level(LabelMap map, List<AxisFactor> common) {
        int last = common.stream().mapToInt(map.factors()::indexOf).max().orElseThrow();
        List<AxisFactor> prefix = map.factors().subList(0, last + 1);
        LabelMap outer = new LabelMap(prefix, labels.rowsAt(map, prefix));
        int[] ordered = outer.labelsOver(innermostLast(outer, common));
        return new Level(ordered, ordered.length / AxisFactor.count(common));
    }

    private void join(int[] left, int[] right, Barrier reason) {
        for (int i = 0; i < left.length; i++) {
            labels.join(left[i], right[i], reason);
        }
    }

    /** Ties the columns of each axis of a layout across the rows that come later in it. */
    void tieInversions(Layout layout, IntFunction<Barrier> reasons) {
        for (int axis = 0; axis < layout.rank(); axis++) {
            for (LabelMap map : layout.maps()) {
                List<AxisFactor> order =
                        layout.axes().get(axis).stream().filter(map::covers).toList();
                tieInversions(map, order, reasons.apply(axis));
            }
        }
    }

    /**
     * Ties columns across rows wherever the given order of factors puts a column factor before its row factor: there
     * every row must keep the same columns.
     */
    void tieInversions(LabelMap map, List<AxisFactor> order, Barrier reason) {
        List<AxisFactor> nesting = map.factors();
        for (int inner = 0; inner < order.size(); inner++) {
            for (int outer = inner + 1; outer < order.size(); outer++) {
                if (nesting.indexOf(order.get(outer)) < nesting.indexOf(order.get(inner))) {
                    tieOver(map, order.get(inner), order.get(outer), reason);
                }
            }
        }
    }

    /**
     * Ties the columns along an inner factor across all positions of an outer one. Where a column has cells of its own,
     * as each of query, key and value of a head has, it may be removed with its whole row: then the others may be kept.
     */
    void tieOver(LabelMap map, AxisFactor inner, AxisFactor outer, Barrier reason) {
        List<AxisFactor> prefix = map.factors().subList(0, map.factors().indexOf(inner) + 1);
        boolean hasCells = prefix.size() < map.factors().size();
        int[] columns = labels.rowsAt(map, prefix);
        List<AxisFactor> rest =
                prefix.stream().filter(factor -> factor != outer).toList();
        List<AxisFactor> order = innermostLast(new LabelMap(prefix, columns), rest);
        int[] ordered = new LabelMap(prefix, columns).labelsOver(order);
        Level level = new Level(ordered, outer.count());
        for (int position = 0; position < ordered.length / level.width && !hasCells; position++) {
            level.tieRow(labels, position, ordered[position * level.width], reason);
        }
        for (int start = 0; start < ordered.length / level.width; start += inner.count()) {
            labels.align(level.rows(start, inner.count()), inner.count(), reason);
        }
    }

    /** Has a statistic taken over the same columns in every row, so that it can be reproduced at full width. */
    void tieStatistic(Layout layout, LabelMap map, List<AxisFactor> over, IntFunction<Barrier> reason) {
        for (AxisFactor inner : over) {
            if (!map.covers(inner)) {
                continue;
            }
            int axis = 0;
            while (!layout.axes().get(axis).contains(inner)) {
                axis++;
            }
            for (AxisFactor outer : map.factors().subList(0, map.factors().indexOf(inner))) {
                if (!layout.axes().get(axis).contains(outer)) {
                    tieOver(map, inner, outer, reason.apply(axis));
                }
            }
        }
    }

    /**
     * The map that remains when an operator sums over some factors: at each remaining position, the row of the labels
     * that were summed.
     */
    LabelMap contract(LabelMap map, List<AxisFactor> remaining, Barrier reason) {
        List<AxisFactor> kept =
                map.factors().stream().filter(remaining::contains).toList();
        for (AxisFactor inner : kept) {
            for (AxisFactor outer : map.factors().subList(0, map.factors().indexOf(inner))) {
                if (!kept.contains(outer)) {
                    tieOver(map, inner, outer, reason);
                }
            }
        }
        return new LabelMap(kept, labels.rowsAt(map, kept));
    }
}
