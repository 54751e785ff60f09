package io.espalier.engine.coupling.propagate;

import io.espalier.engine.coupling.label.AxisFactor;
import io.espalier.engine.coupling.label.Barrier;
import io.espalier.engine.coupling.label.Factoring;
import io.espalier.engine.coupling.label.LabelMap;
import io.espalier.engine.coupling.label.Labels;
import io.espalier.engine.coupling.label.Layout;
import io.espalier.engine.coupling.label.Repetitions;
import io.espalier.graph.shape.Dim;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Moves labels as operators that only move elements move those. */
final class IndexMoves {

    private final Labels labels;
    private final Repetitions repetitions;
    private final Relations relations;

    IndexMoves(Labels labels, Repetitions repetitions) {
        this.labels = labels;
        this.repetitions = repetitions;
        this.relations = new Relations(labels);
    }

    Layout transpose(Layout layout, List<Integer> permutation) {
        return new Layout(permutation.stream().map(layout.axes()::get).toList(), layout.maps());
    }

    /** Regroups the factors of all axes: Reshape, Flatten, Squeeze, Unsqueeze. */
    Layout regroup(Layout layout, List<Dim> shape, Barrier reason) {
        List<AxisFactor> factors = layout.axes().stream().flatMap(List::stream).toList();
        Optional<Factoring.Match> whole = Factoring.match(factors, shape);
        Layout result = whole.isPresent()
                ? new Layout(
                        whole.get().groups(),
                        replaceMaps(layout.maps(), whole.get().replacements()))
                : regroupEnds(layout, factors, shape, reason);
        tieInversions(result, reason);
        return result;
    }

    /** Matches as many axes as possible from both ends; the axes between are inert. */
    private Layout regroupEnds(Layout layout, List<AxisFactor> factors, List<Dim> shape, Barrier reason) {
        Factoring.Ends ends = Factoring.matchEnds(factors, shape);
        Layout cut = relations.collapse(
                new Layout(List.of(), replaceMaps(layout.maps(), ends.replacements())), ends.unmatched(), reason);
        List<List<AxisFactor>> axes = new ArrayList<>();
        for (int axis = 0; axis < shape.size(); axis++) {
            List<AxisFactor> group = ends.groups().get(axis);
            boolean inert = group == null;
            axes.add(inert ? inertAxis(shape.get(axis)) : group);
        }
        return new Layout(axes, cut.maps());
    }

    private static List<LabelMap> replaceMaps(List<LabelMap> maps, Map<AxisFactor, List<AxisFactor>> replacements) {
        return maps.stream().map(map -> map.replace(replacements)).toList();
    }

    private void tieInversions(Layout layout, Barrier reason) {
        for (List<AxisFactor> axis : layout.axes()) {
            for (LabelMap map : layout.maps()) {
                relations.tieInversions(map, axis.stream().filter(map::covers).toList(), reason);
            }
        }
    }

    static List<AxisFactor> inertAxis(Dim extent) {
        return extent.is(1) ? List.of() : List.of(new AxisFactor(extent));
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
        List<AxisFactor> target = keepAxis ? inertAxis(Dim.of(positions.length)) : List.of();
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
        return replaceAxis(source, axis, target, keepAxis).withMaps(NotationApplication.largest(maps));
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
        return replaceAxis(collapsed, axis, inertAxis(Dim.of(extent)), keepAxis);
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
        return replaceAxis(relations.collapse(layout, layout.axes().get(axis), reason), axis, inertAxis(extent), true);
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

    /** Makes the axes of extent 1 as long as the shape of the result says: Expand, and Tile of such axes. */
    Layout expand(Layout layout, String result, List<Dim> shape) {
        List<List<AxisFactor>> axes = new ArrayList<>();
        List<LabelMap> maps = new ArrayList<>(layout.maps());
        int shift = shape.size() - layout.rank();
        for (int axis = 0; axis < shape.size(); axis++) {
            boolean exists = axis >= shift && !layout.axes().get(axis - shift).isEmpty();
            axes.add(exists ? layout.axes().get(axis - shift) : fillerAxis(result, axis, shape.get(axis), maps));
        }
        return new Layout(axes, maps);
    }

    private List<AxisFactor> fillerAxis(String result, int axis, Dim extent, List<LabelMap> maps) {
        List<AxisFactor> factors = repetitions.factors(result, axis, extent);
        factors.stream()
                .filter(AxisFactor::isNumeric)
                .forEach(factor -> maps.add(new LabelMap(List.of(factor), labels.repetition(factor.count()))));
        return factors;
    }

    /** Repeats an axis: the repetitions become an outer factor. */
    Layout repeat(Layout layout, String result, int axis, Dim times) {
        List<LabelMap> maps = new ArrayList<>(layout.maps());
        List<AxisFactor> factors = new ArrayList<>(fillerAxis(result, axis, times, maps));
        factors.addAll(layout.axes().get(axis));
        return layout.withAxis(axis, factors).withMaps(maps);
    }

    /** A value made of nothing but a shape. */
    Layout filled(String result, List<Dim> shape) {
        return expand(new Layout(List.of(), List.of()), result, shape);
    }

    /** Labels of inputs joined one after the other along an axis; the other axes must have been aligned. */
    Layout concat(List<Layout> inputs, int axis, Barrier reason) {
        List<Layout> sources = new ArrayList<>();
        for (Layout input : inputs) {
            sources.add(flat(input, axis, reason)
                    .orElseGet(() -> relations.collapse(input, input.axes().get(axis), reason)));
        }
        List<LabelMap> along = new ArrayList<>();
        List<LabelMap> beside = new ArrayList<>();
        List<List<AxisFactor>> axes = new ArrayList<>(sources.get(0).axes());
        Map<Integer, LabelMap> byInput = new LinkedHashMap<>();
        for (int i = 0; i < sources.size(); i++) {
            for (LabelMap map : sources.get(i).maps()) {
                if (!map.coversAny(sources.get(i).axes().get(axis))) {
                    beside.add(map);
                } else if (byInput.putIfAbsent(i, map) != null) {
                    relations.freeze(map, reason);
                }
            }
            for (int other = 0; other < axes.size(); other++) {
                if (axes.get(other).isEmpty()) {
                    axes.set(other, sources.get(i).axes().get(other));
                }
            }
        }
        boolean numeric = sources.stream()
                .allMatch(source -> source.axes().get(axis).stream().allMatch(AxisFactor::isNumeric));
        if (byInput.isEmpty() || !numeric) {
            byInput.values().forEach(map -> relations.freeze(map, reason));
            axes.set(axis, inertAxis(total(sources, axis)));
            return new Layout(axes, NotationApplication.largest(beside));
        }
        AxisFactor joined = AxisFactor.of(total(sources, axis).constant());
        axes.set(axis, List.of(joined));
        along.add(joinMaps(sources, axis, byInput, joined, reason));
        along.addAll(beside);
        Layout result = new Layout(axes, NotationApplication.largest(along));
        tieInversions(result, reason);
        return result;
    }

    private static Dim total(List<Layout> sources, int axis) {
        Dim total = Dim.of(0);
        for (Layout source : sources) {
            total = total.plus(source.extent(axis));
        }
        return total;
    }

    private LabelMap joinMaps(
            List<Layout> sources, int axis, Map<Integer, LabelMap> byInput, AxisFactor joined, Barrier reason) {
        List<AxisFactor> outer = new ArrayList<>();
        List<AxisFactor> nesting = new ArrayList<>();
        byInput.forEach((input, map) -> {
            List<AxisFactor> own = sources.get(input).axes().get(axis);
            if (nesting.isEmpty()) {
                map.factors().forEach(factor -> nesting.add(own.contains(factor) ? joined : factor));
            }
            map.factors().stream()
                    .filter(factor -> !own.contains(factor) && !outer.contains(factor))
                    .forEach(outer::add);
        });
        int rows = AxisFactor.count(outer);
        int[] result = new int[rows * joined.count()];
        Arrays.fill(result, LabelMap.FIXED);
        int start = 0;
        for (int input = 0; input < sources.size(); input++) {
            List<AxisFactor> own = sources.get(input).axes().get(axis);
            int width = AxisFactor.count(own);
            LabelMap map = byInput.get(input);
            if (map != null) {
                List<AxisFactor> order = new ArrayList<>(outer);
                order.addAll(own);
                // An axis of extent 1 brings no label: a lone channel joined to others cannot be removed.
                int[] ordered = own.isEmpty() ? new int[0] : map.labelsOver(order);
                for (int row = 0; row < rows && ordered.length > 0; row++) {
                    System.arraycopy(ordered, row * width, result, row * joined.count() + start, width);
                }
            }
            start += width;
        }
        List<AxisFactor> order = new ArrayList<>(outer);
        order.add(joined);
        outer.stream().filter(factor -> !nesting.contains(factor)).forEach(factor -> nesting.add(0, factor));
        return new LabelMap(nesting, new LabelMap(order, result).labelsOver(nesting));
    }
}
