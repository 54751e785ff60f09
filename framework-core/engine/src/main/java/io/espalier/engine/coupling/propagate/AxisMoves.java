package io.espalier.engine.coupling.propagate;

import io.espalier.engine.coupling.label.AxisFactor;
import io.espalier.engine.coupling.label.Barrier;
import io.espalier.engine.coupling.label.Factoring;
import io.espalier.engine.coupling.label.LabelMap;
import io.espalier.engine.coupling.label.Labels;
import io.espalier.engine.coupling.label.Layout;
import io.espalier.engine.coupling.label.Repetitions;
import io.espalier.graph.symbol.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Moves labels as operators that permute, regroup or repeat axes move elements. */
final class AxisMoves {

    private final Labels labels;
    private final Repetitions repetitions;
    private final Relations relations;

    AxisMoves(Labels labels, Repetitions repetitions) {
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
        relations.tieInversions(result, axis -> reason);
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
            axes.add(inert ? AxisFactor.axis(shape.get(axis)) : group);
        }
        return new Layout(axes, cut.maps());
    }

    private static List<LabelMap> replaceMaps(List<LabelMap> maps, Map<AxisFactor, List<AxisFactor>> replacements) {
        return maps.stream().map(map -> map.replace(replacements)).toList();
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
}
