package io.espalier.engine.coupling.propagate;

import io.espalier.engine.coupling.label.AxisFactor;
import io.espalier.engine.coupling.label.Barrier;
import io.espalier.engine.coupling.label.LabelMap;
import io.espalier.engine.coupling.label.Labels;
import io.espalier.engine.coupling.label.Layout;
import io.espalier.graph.symbol.Dim;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Moves labels as operators that pick or add positions of one axis move elements. */
final class PositionMoves {

    private final Labels labels;
    private final Relations relations;

    PositionMoves(Labels labels) {
        this.labels = labels;
        this.relations = new Relations(labels);
    }

    /**
     * Picks positions of one axis: Split, Slice, Gather with constant indices.
     *
     * @param positions positions in the axis, in the order of the result
     * @param keepAxis whether the result has the axis at all
     */
    Layout select(Layout layout, int axis, int[] positions, boolean keepAxis, Barrier reason) {
        Optional<Layout> flat = flat(layout, axis, reason);
        if (flat.isEmpty()) {
            return withoutLabels(layout, axis, positions.length, keepAxis, reason);
        }
        Layout source = flat.get();
        List<AxisFactor> target = keepAxis ? AxisFactor.axis(Dim.of(positions.length)) : List.of();
        if (!source.isTracked(axis)) {
            return replaceAxis(source, axis, target, keepAxis);
        }
        AxisFactor factor = source.axes().get(axis).get(0);
        List<LabelMap> maps = new ArrayList<>();
        for (LabelMap map : source.maps()) {
            if (map.covers(factor) && positions.length == 0) {
                rowsOf(map, factor, reason).ifPresent(maps::add);
            } else if (map.covers(factor)) {
                selectPositions(map, factor, target, positions, reason).ifPresent(maps::add);
            } else {
                maps.add(map);
            }
        }
        return replaceAxis(source, axis, target, keepAxis).withMaps(LabelMap.largest(maps));
    }

    /**
     * A layout with one axis made of a single factor. Several independent indices in it become one: a position of their
     * product is removed with its row of either.
     *
     * @return empty when the axis joins labels with an extent that is not a number
     */
    Optional<Layout> flat(Layout layout, int axis, Barrier reason) {
        List<AxisFactor> parts = layout.axes().get(axis);
        List<LabelMap> across =
                layout.maps().stream().filter(map -> map.coversAny(parts)).toList();
        boolean joins = across.size() > 1 && parts.size() > 1 && parts.stream().allMatch(AxisFactor::isNumeric);
        return joins ? multiply(layout, parts, across, reason).flattenAxis(axis) : layout.flattenAxis(axis);
    }

    /** A layout with one map for the product of several, each of which is related to it along its own factors. */
    private Layout multiply(Layout layout, List<AxisFactor> parts, List<LabelMap> several, Barrier reason) {
        Set<AxisFactor> factors = new LinkedHashSet<>();
        several.forEach(map ->
                map.factors().stream().filter(factor -> !parts.contains(factor)).forEach(factors::add));
        parts.stream()
                .filter(factor -> several.stream().anyMatch(map -> map.covers(factor)))
                .forEach(factors::add);
        List<AxisFactor> order = List.copyOf(factors);
        LabelMap product = new LabelMap(order, labels.filler(AxisFactor.count(order)));
        List<LabelMap> maps = new ArrayList<>(layout.maps());
        maps.removeAll(several);
        maps.add(product);
        several.forEach(map -> relations.relate(map, product, reason));
        return layout.withMaps(maps);
    }

    /** The map that remains where no column is picked: a row is removed when all its columns are. */
    private Optional<LabelMap> rowsOf(LabelMap map, AxisFactor columns, Barrier reason) {
        List<AxisFactor> rows =
                map.factors().stream().filter(each -> each != columns).toList();
        return rows.isEmpty() ? Optional.empty() : Optional.of(relations.contract(map, rows, reason));
    }

    private Optional<LabelMap> selectPositions(
            LabelMap map, AxisFactor factor, List<AxisFactor> target, int[] positions, Barrier reason) {
        List<AxisFactor> order = new ArrayList<>(map.factors());
        int index = order.indexOf(factor);
        int inner = 1;
        for (AxisFactor each : order.subList(index + 1, order.size())) {
            inner *= each.count();
        }
        int outer = map.labels().length / inner / factor.count();
        int[] selected = new int[outer * positions.length * inner];
        for (int row = 0; row < outer; row++) {
            for (int i = 0; i < positions.length; i++) {
                System.arraycopy(
                        map.labels(),
                        (row * factor.count() + positions[i]) * inner,
                        selected,
                        (row * positions.length + i) * inner,
                        inner);
            }
        }
        order.remove(index);
        order.addAll(index, target);
        if (order.isEmpty()) {
            labels.freeze(selected[0], reason);
            return Optional.empty();
        }
        return Optional.of(new LabelMap(order, selected));
    }

    private Layout withoutLabels(Layout layout, int axis, int extent, boolean keepAxis, Barrier reason) {
        Layout collapsed = relations.collapse(layout, layout.axes().get(axis), reason);
        return replaceAxis(collapsed, axis, AxisFactor.axis(Dim.of(extent)), keepAxis);
    }

    private static Layout replaceAxis(Layout layout, int axis, List<AxisFactor> factors, boolean keepAxis) {
        List<List<AxisFactor>> axes = new ArrayList<>(layout.axes());
        if (keepAxis) {
            axes.set(axis, factors);
        } else {
            axes.remove(axis);
        }
        return new Layout(axes, layout.maps());
    }

    /** Makes one axis inert, with the extent it has in the result. */
    Layout inertAxis(Layout layout, int axis, Dim extent, Barrier reason) {
        return replaceAxis(
                relations.collapse(layout, layout.axes().get(axis), reason), axis, AxisFactor.axis(extent), true);
    }

    /** Joins positions of one axis that a stride treats as one block. */
    void joinBlocks(Layout layout, int axis, int block, Barrier reason) {
        AxisFactor factor = layout.axes().get(axis).get(0);
        for (LabelMap map : layout.maps()) {
            if (!map.covers(factor)) {
                continue;
            }
            List<AxisFactor> order = new ArrayList<>(map.factors());
            order.remove(factor);
            order.add(factor);
            int[] ordered = map.labelsOver(order);
            int extent = factor.count();
            for (int i = 0; i < ordered.length; i++) {
                int position = i % extent;
                labels.join(ordered[i], ordered[i - position % block], reason);
            }
        }
    }

    /** Ties the columns of an axis across rows, where an operator needs the same columns in every row. */
    Layout tieColumns(Layout layout, int axis, Barrier reason) {
        for (LabelMap map : layout.maps()) {
            for (AxisFactor inner : layout.axes().get(axis)) {
                if (!map.covers(inner)) {
                    continue;
                }
                for (AxisFactor outer : map.factors().subList(0, map.factors().indexOf(inner))) {
                    if (!layout.axes().get(axis).contains(outer)) {
                        relations.tieOver(map, inner, outer, reason);
                    }
                }
            }
        }
        return layout;
    }

    /** Positions added before and after an axis, as Pad does on channels. */
    Layout pad(Layout layout, int axis, int before, int after, Barrier reason) {
        Optional<Layout> flat = flat(layout, axis, reason);
        if (flat.isEmpty()) {
            return withoutLabels(layout, axis, before + after, true, reason);
        }
        Layout source = flat.get();
        AxisFactor factor = source.axes().get(axis).get(0);
        AxisFactor padded = AxisFactor.of((long) before + factor.count() + after);
        int[] positions = new int[padded.count()];
        Arrays.fill(positions, -1);
        for (int i = 0; i < factor.count(); i++) {
            positions[before + i] = i;
        }
        List<LabelMap> maps = new ArrayList<>();
        for (LabelMap map : source.maps()) {
            maps.add(map.covers(factor) ? padMap(map, factor, padded, positions) : map);
        }
        return replaceAxis(source, axis, List.of(padded), true).withMaps(maps);
    }

    private LabelMap padMap(LabelMap map, AxisFactor factor, AxisFactor padded, int[] positions) {
        List<AxisFactor> order = new ArrayList<>(map.factors());
        order.remove(factor);
        order.add(factor);
        int[] ordered = map.labelsOver(order);
        int rows = ordered.length / factor.count();
        int[] result = new int[rows * positions.length];
        for (int row = 0; row < rows; row++) {
            for (int i = 0; i < positions.length; i++) {
                result[row * positions.length + i] =
                        positions[i] < 0 ? labels.filler(1)[0] : ordered[row * factor.count() + positions[i]];
            }
        }
        order.set(order.size() - 1, padded);
        return new LabelMap(order, result);
    }
}
