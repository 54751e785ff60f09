package io.espalier.engine.coupling.propagate;

import io.espalier.engine.coupling.label.AxisFactor;
import io.espalier.engine.coupling.label.Barrier;
import io.espalier.engine.coupling.label.Labels;
import io.espalier.engine.coupling.label.Layout;
import io.espalier.graph.operator.IndexNotation;
import io.espalier.graph.operator.IndexNotation.AxisTerm;
import io.espalier.graph.operator.Letter;
import io.espalier.graph.operator.NodeView;
import io.espalier.graph.shape.Dim;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
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
        read.extents().forEach(extent -> placed.add(IndexMoves.inertAxis(extent)));
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
        List<AxisTerm> result = terms(0, picked.rank());
        List<AxisTerm> counted = terms(axis, axis + indices.rank());
        List<AxisTerm> all = new ArrayList<>(result);
        all.addAll(counted);
        IndexNotation notation = new IndexNotation(List.of(), List.of(all), Map.of(), Map.of());
        List<Operand> operands = List.of(
                new Operand(view.node().inputs().get(0), picked, result),
                new Operand(view.node().inputs().get(1), indices, counted));
        new NotationApplication(labels, view.node(), notation, operands).run();
    }

    private static List<AxisTerm> terms(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(axis -> new AxisTerm(List.of(new Letter("a" + axis, Letter.Marker.NONE))))
                .toList();
    }
}
