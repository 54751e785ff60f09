package io.espalier.engine.coupling.propagate;

import io.espalier.engine.coupling.label.AxisFactor;
import io.espalier.engine.coupling.label.Barrier;
import io.espalier.engine.coupling.label.Labels;
import io.espalier.engine.coupling.label.Layout;
import io.espalier.graph.operator.IndexNotation.AxisTerm;
import io.espalier.graph.operator.NodeView;
import io.espalier.graph.symbol.Dim;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Moves labels as a strided read moves elements: divides a flat axis and puts its factors where the indices have them. */
final class StridedMove {

    private final Labels labels;
    private final Relations relations;
    private final NodeView view;
    private final Barrier reason;

    StridedMove(Labels labels, NodeView view, Barrier reason) {
        this.labels = labels;
        this.relations = new Relations(labels);
        this.view = view;
        this.reason = reason;
    }

    /** The layout of the result, or empty when the axis cannot be divided as the indices do. */
    Optional<Layout> apply(StridedRead read, Layout data, Layout indices, int axis) {
        List<Dim> sizes = new ArrayList<>();
        sizes.add(null);
        read.whole().forEach(indexAxis -> sizes.add(1, read.extents().get(indexAxis)));
        return data.cut(axis, sizes).map(cut -> {
            Layout picked = picked(read, cut, axis);
            align(picked, indices, axis);
            return picked;
        });
    }

    private Layout picked(StridedRead read, Layout.Cut cut, int axis) {
        List<AxisFactor> blocks = cut.parts().get(0);
        Layout layout = relations.collapse(cut.layout(), blocks, reason);
        List<List<AxisFactor>> placed = new ArrayList<>();
        read.extents().forEach(extent -> placed.add(AxisFactor.axis(extent)));
        Dim count = blocks.stream().map(AxisFactor::size).reduce(Dim.ONE, Dim::times);
        read.blocks(count).ifPresent(indexAxis -> placed.set(indexAxis, blocks));
        List<Integer> outermostFirst = new ArrayList<>(read.whole());
        Collections.reverse(outermostFirst);
        for (int i = 0; i < outermostFirst.size(); i++) {
            placed.set(outermostFirst.get(i), cut.parts().get(i + 1));
        }
        List<List<AxisFactor>> axes = new ArrayList<>(layout.axes().subList(0, axis));
        axes.addAll(placed);
        axes.addAll(layout.axes().subList(axis + 1, layout.rank()));
        return new Layout(axes, layout.maps());
    }

    /** The indices must count as many positions as the axis keeps. */
    private void align(Layout picked, Layout indices, int axis) {
        List<String> names = view.node().inputs().subList(0, 2);
        List<List<AxisTerm>> terms = List.of(terms(0, picked.rank()), terms(axis, axis + indices.rank()));
        SharedAxes.relate(labels, view.node(), names, List.of(picked, indices), terms);
    }

    private static List<AxisTerm> terms(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(axis -> SharedAxes.term("a" + axis))
                .toList();
    }
}
