package io.espalier.engine.coupling.propagate;

import io.espalier.engine.coupling.label.Barrier;
import io.espalier.engine.coupling.label.Labels;
import io.espalier.engine.coupling.label.Layout;
import io.espalier.engine.coupling.label.Repetitions;
import io.espalier.graph.operator.NodeView;
import io.espalier.graph.symbol.Dim;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Operators that regroup, permute, repeat or make axes: reads their operands and attributes. */
final class AxisRules {

    private final CountedIndices counted;
    private final AxisMoves moves;
    private final PositionMoves positions;

    AxisRules(Labels labels, CountedIndices counted, Repetitions repetitions) {
        this.counted = counted;
        this.moves = new AxisMoves(labels, repetitions);
        this.positions = new PositionMoves(labels);
    }

    Optional<List<Layout>> regroup(NodeView view, List<Layout> inputs) {
        Barrier reason = Barrier.at(view.node(), 0, -1, "the new shape does not divide its axes");
        return view.outputShape(0).map(shape -> List.of(moves.regroup(inputs.get(0), shape, reason)));
    }

    Optional<List<Layout>> transpose(NodeView view, List<Layout> inputs) {
        int rank = inputs.get(0).rank();
        List<Integer> reversed =
                IntStream.range(0, rank).mapToObj(axis -> rank - 1 - axis).toList();
        List<Integer> permutation = view.node()
                .intsAttribute("perm")
                .map(axes -> axes.stream().map(Long::intValue).toList())
                .orElse(reversed);
        return Optional.of(List.of(moves.transpose(inputs.get(0), permutation)));
    }

    Optional<List<Layout>> expand(NodeView view, List<Layout> inputs) {
        return view.outputShape(0)
                .map(shape -> List.of(
                        moves.expand(inputs.get(0), view.node().outputs().get(0), shape)));
    }

    Optional<List<Layout>> tile(NodeView view, List<Layout> inputs) {
        Layout layout = inputs.get(0);
        Optional<List<Dim>> shape = view.outputShape(0);
        if (shape.isEmpty()) {
            return Optional.empty();
        }
        for (int axis = 0; axis < layout.rank(); axis++) {
            Dim extent = shape.get().get(axis);
            Optional<Dim> times = extent.divideExactly(layout.extent(axis));
            layout = times.isPresent()
                    ? moves.repeat(layout, view.node().outputs().get(0), axis, times.get())
                    : positions.inertAxis(
                            layout,
                            axis,
                            extent,
                            Barrier.at(view.node(), 0, axis, "the number of repetitions is not known"));
        }
        return Optional.of(List.of(layout));
    }

    /** A value made of nothing but a shape: all its positions are alike. */
    Optional<List<Layout>> fill(NodeView view, List<Layout> inputs) {
        return view.outputShape(0)
                .map(shape -> List.of(moves.filled(view.node().outputs().get(0), shape)));
    }

    /** Positions counted from 0 are as many as those of the axis they count. */
    Optional<List<Layout>> range(NodeView view, List<Layout> inputs) {
        boolean counts = view.node()
                .output(0)
                .filter(counted::contains)
                .flatMap(view.shapes()::progression)
                .filter(found -> found.columns().get(0).counts())
                .isPresent();
        boolean numeric =
                view.outputShape(0).filter(shape -> shape.get(0).isConstant()).isPresent();
        return counts && numeric ? fill(view, inputs) : generate(view, inputs);
    }

    /** A value that depends on extents and settings alone, and counts nothing. */
    Optional<List<Layout>> generate(NodeView view, List<Layout> inputs) {
        return view.outputShape(0).map(shape -> List.of(Layout.inert(shape)));
    }
}
