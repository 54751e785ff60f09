package io.espalier.engine.coupling.propagate;

import io.espalier.engine.coupling.label.AxisFactor;
import io.espalier.engine.coupling.label.Barrier;
import io.espalier.engine.coupling.label.LabelMap;
import io.espalier.engine.coupling.label.Labels;
import io.espalier.engine.coupling.label.Layout;
import io.espalier.graph.symbol.Dim;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Joins the labels of layouts one after the other along an axis. */
final class Concatenation {

    private final PositionMoves positions;
    private final Relations relations;

    Concatenation(Labels labels) {
        this.positions = new PositionMoves(labels);
        this.relations = new Relations(labels);
    }

    /** Labels of inputs joined one after the other along an axis; the other axes must have been aligned. */
    Layout concat(List<Layout> inputs, int axis, Barrier reason) {
        List<Layout> sources = new ArrayList<>();
        for (Layout input : inputs) {
            sources.add(positions
                    .flat(input, axis, reason)
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
            axes.set(axis, AxisFactor.axis(total(sources, axis)));
            return new Layout(axes, LabelMap.largest(beside));
        }
        AxisFactor joined = AxisFactor.of(total(sources, axis).constant());
        axes.set(axis, List.of(joined));
        along.add(joinMaps(sources, axis, byInput, joined, reason));
        along.addAll(beside);
        Layout result = new Layout(axes, LabelMap.largest(along));
        relations.tieInversions(result, joinedAxis -> reason);
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
