package io.espalier.engine.coupling.propagate;

import io.espalier.engine.coupling.label.Barrier;
import io.espalier.engine.coupling.label.Labels;
import io.espalier.engine.coupling.label.Layout;
import io.espalier.graph.operator.NodeView;
import io.espalier.graph.symbol.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Operators that join values along an axis or split them: reads their operands and attributes. */
final class JoinRules {

    private final Labels labels;
    private final PositionMoves moves;
    private final Concatenation concatenation;

    JoinRules(Labels labels) {
        this.labels = labels;
        this.moves = new PositionMoves(labels);
        this.concatenation = new Concatenation(labels);
    }

    Optional<List<Layout>> concat(NodeView view, List<Layout> inputs) {
        int rank = inputs.get(0).rank();
        if (inputs.stream().anyMatch(input -> input.rank() != rank)) {
            return Optional.empty();
        }
        int axis = view.axis("axis", 0, rank);
        boolean plain = inputs.stream().allMatch(input -> isPlainBeside(input, axis));
        List<Layout> aligned = plain
                ? inputs
                : SharedAxes.relate(labels, view.node(), view.node().inputs(), inputs, axis);
        Barrier reason = Barrier.at(view.node(), 0, axis, "several independent indices meet in the joined axis");
        return Optional.of(List.of(concatenation.concat(aligned, axis, reason)));
    }

    /** Whether nothing can be removed along any axis but one, and none of them is divided. */
    private static boolean isPlainBeside(Layout layout, int axis) {
        return IntStream.range(0, layout.rank())
                .allMatch(other -> other == axis || layout.axes().get(other).size() <= 1 && !layout.isTracked(other));
    }

    Optional<List<Layout>> split(NodeView view, List<Layout> inputs) {
        int axis = view.axis("axis", 0, inputs.get(0).rank());
        Barrier reason = Barrier.at(view.node(), 0, axis, "a part of extent 1 is split off");
        Layout input = moves.flat(inputs.get(0), axis, reason).orElse(inputs.get(0));
        List<Layout> outputs = new ArrayList<>();
        int start = 0;
        for (int slot = 0; slot < view.node().outputs().size(); slot++) {
            Optional<List<Dim>> shape = view.outputShape(slot);
            if (shape.isEmpty()) {
                return Optional.empty();
            }
            Dim extent = shape.get().get(axis);
            if (!input.isTracked(axis)) {
                outputs.add(moves.inertAxis(input, axis, extent, Barrier.at(view.node(), 0, axis, "")));
            } else if (extent.isConstant()) {
                int width = Math.toIntExact(extent.constant());
                int[] positions = IntStream.range(start, start + width).toArray();
                outputs.add(moves.select(input, axis, positions, true, reason));
                start += width;
            } else {
                return Optional.empty();
            }
        }
        return Optional.of(outputs);
    }
}
