package io.espalier.engine.coupling.propagate;

import io.espalier.engine.coupling.label.AxisFactor;
import io.espalier.engine.coupling.label.Barrier;
import io.espalier.engine.coupling.label.Labels;
import io.espalier.engine.coupling.label.Layout;
import io.espalier.engine.coupling.label.Repetitions;
import io.espalier.graph.operator.NodeView;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Operators that cut, pick, write or pad positions of an axis: reads their operands and attributes. */
final class PickRules {

    private final Graph graph;
    private final Labels labels;
    private final CountedIndices counted;
    private final Relations relations;
    private final AxisMoves axisMoves;
    private final PositionMoves moves;

    PickRules(Graph graph, Labels labels, CountedIndices counted, Repetitions repetitions) {
        this.graph = graph;
        this.labels = labels;
        this.counted = counted;
        this.relations = new Relations(labels);
        this.axisMoves = new AxisMoves(labels, repetitions);
        this.moves = new PositionMoves(labels);
    }

    Optional<List<Layout>> slice(NodeView view, List<Layout> inputs) {
        Optional<List<Dim>> shape = view.outputShape(0);
        if (shape.isEmpty() || shape.get().size() != inputs.get(0).rank()) {
            return Optional.empty();
        }
        List<SliceRange> ranges = SliceRange.of(view, inputs.get(0).rank());
        Layout layout = inputs.get(0);
        for (SliceRange range : ranges) {
            layout = slice(view, layout, range, shape.get().get(range.axis()));
        }
        return Optional.of(List.of(layout));
    }

    private Layout slice(NodeView view, Layout layout, SliceRange range, Dim extent) {
        int axis = range.axis();
        Barrier unknown = Barrier.at(view.node(), 0, axis, "a range computed at run time is cut from it");
        if (!layout.isTracked(axis) || !layout.extent(axis).isConstant()) {
            return extent.equals(layout.extent(axis)) ? layout : moves.inertAxis(layout, axis, extent, unknown);
        }
        Optional<int[]> positions = range.positions((int) layout.extent(axis).constant());
        Optional<Layout> flat = moves.flat(layout, axis, unknown);
        if (positions.isEmpty() || flat.isEmpty()) {
            return moves.inertAxis(layout, axis, extent, unknown);
        }
        int step = range.stride();
        if (step > 1) {
            moves.tieColumns(flat.get(), axis, unknown);
            moves.joinBlocks(
                    flat.get(), axis, step, Barrier.at(view.node(), 0, axis, "a stride steps over fixed positions"));
        }
        Barrier single = Barrier.at(view.node(), 0, axis, "a single position of it is cut out");
        return moves.select(flat.get(), axis, positions.get(), true, single);
    }

    Optional<List<Layout>> gather(NodeView view, List<Layout> inputs) {
        return gather(view, inputs, inputs.get(1).detached());
    }

    /** Index tuples of one index each pick positions of the first axis, as plain indices do. */
    Optional<List<Layout>> gatherPositions(NodeView view, List<Layout> inputs) {
        Layout tuples = inputs.get(1).detached();
        return gather(view, inputs, new Layout(tuples.axes().subList(0, tuples.rank() - 1), List.of()));
    }

    private Optional<List<Layout>> gather(NodeView view, List<Layout> inputs, Layout indices) {
        Layout data = inputs.get(0);
        int axis = view.axis("axis", 0, data.rank());
        Optional<long[]> constant = constantIndices(view);
        if (constant.isPresent() && data.isTracked(axis) && isWithin(constant.get(), data.extent(axis))) {
            int extent = Math.toIntExact(data.extent(axis).constant());
            int[] positions = new int[constant.get().length];
            for (int i = 0; i < positions.length; i++) {
                positions[i] = NodeView.normalise(constant.get()[i], extent);
            }
            Barrier reordered = Barrier.at(view.node(), 0, axis, "positions of it are picked by constant indices");
            Layout picked = moves.select(
                    moves.tieColumns(data, axis, reordered),
                    axis,
                    positions,
                    indices.rank() > 0,
                    Barrier.at(view.node(), 0, axis, "one position of it is picked by a constant index"));
            return Optional.of(List.of(splitIndexAxis(view, picked, indices, axis)));
        }
        Barrier reason = Barrier.at(view.node(), 0, axis, "indices computed at run time pick from it");
        Optional<Layout> strided = counted.read(view.node())
                .filter(read -> data.isTracked(axis))
                .flatMap(read -> new StridedMove(labels, view, reason).apply(read, data, inputs.get(1), axis));
        if (strided.isPresent()) {
            return Optional.of(List.of(strided.get()));
        }
        Layout collapsed = relations.collapse(data, data.axes().get(axis), reason);
        relations.freeze(indices, Barrier.at(view.node(), 1, -1, "it holds indices"));
        List<List<AxisFactor>> axes = new ArrayList<>(collapsed.axes().subList(0, axis));
        axes.addAll(indices.axes());
        axes.addAll(collapsed.axes().subList(axis + 1, collapsed.rank()));
        return Optional.of(List.of(new Layout(axes, collapsed.maps())));
    }

    /** Whether an axis of known extent has all these positions. */
    private static boolean isWithin(long[] positions, Dim extent) {
        return extent.isConstant()
                && Arrays.stream(positions)
                        .allMatch(position -> position >= -extent.constant() && position < extent.constant());
    }

    private Layout splitIndexAxis(NodeView view, Layout picked, Layout indices, int axis) {
        if (indices.rank() <= 1) {
            return picked;
        }
        List<Dim> shape = new ArrayList<>(picked.shape());
        shape.remove(axis);
        shape.addAll(axis, indices.shape());
        return axisMoves.regroup(picked, shape, Barrier.at(view.node(), 1, -1, "the shape of the indices"));
    }

    /** Updates replace some positions of the first axis, and are removed with them. */
    Optional<List<Layout>> writePositions(NodeView view, List<Layout> inputs) {
        Layout data = inputs.get(0);
        Layout updates = inputs.get(2);
        long[] numbers = constantIndices(view).orElseThrow();
        Barrier reason = Barrier.at(view.node(), 0, 0, "positions of it are written by constant indices");
        Layout written;
        if (isWithin(numbers, data.extent(0))) {
            int extent = Math.toIntExact(data.extent(0).constant());
            int[] positions = Arrays.stream(numbers)
                    .mapToInt(number -> NodeView.normalise(number, extent))
                    .toArray();
            written = moves.select(moves.tieColumns(data, 0, reason), 0, positions, true, reason);
        } else {
            written = moves.inertAxis(data, 0, Dim.of(numbers.length), reason);
        }
        List<String> names =
                List.of(view.node().inputs().get(0), view.node().inputs().get(2));
        SharedAxes.relate(labels, view.node(), names, List.of(written, updates), -1);
        return Optional.of(List.of(data));
    }

    private Optional<long[]> constantIndices(NodeView view) {
        Tensor constant = graph.constants().get(view.node().inputs().get(1));
        return constant != null ? Optional.of(Tensors.toLongs(constant)) : view.numbers(1);
    }

    Optional<List<Layout>> pad(NodeView view, List<Layout> inputs) {
        Layout layout = inputs.get(0);
        Optional<List<Dim>> shape = view.outputShape(0);
        if (shape.isEmpty()) {
            return Optional.empty();
        }
        PadAmounts pads = PadAmounts.of(view, layout.rank());
        for (int axis = 0; axis < layout.rank(); axis++) {
            boolean constantMode = view.node().textAttribute("mode", "constant").equals("constant");
            Barrier reason = Barrier.at(view.node(), 0, axis, "it is padded in a way that depends on its content");
            if (!layout.isTracked(axis)) {
                layout = pads.isZero(axis)
                        ? layout
                        : moves.inertAxis(layout, axis, shape.get().get(axis), reason);
                continue;
            }
            if (!pads.isKnown(axis)) {
                return Optional.empty();
            }
            int before = pads.before(axis);
            int after = pads.after(axis);
            if (before == 0 && after == 0) {
                continue;
            }
            layout = constantMode && before >= 0 && after >= 0
                    ? moves.pad(layout, axis, before, after, reason)
                    : moves.inertAxis(layout, axis, shape.get().get(axis), reason);
        }
        return Optional.of(List.of(layout));
    }

    /** Whether index tuples that pick blocks are constants of one index each, which pick positions of the first axis. */
    boolean gathersPositions(Node node) {
        return node.intAttribute("batch_dims", 0) == 0 && positions(node).isPresent();
    }

    /** Whether positions of the first axis are written, each once, that constant indices name one after the other. */
    boolean writesPositions(Node node) {
        return node.textAttribute("reduction", "none").equals("none")
                && positions(node)
                        .filter(indices -> indices.shape().size() == 2
                                && Arrays.stream(Tensors.toLongs(indices))
                                                .distinct()
                                                .count()
                                        == indices.shape().get(0))
                        .isPresent();
    }

    /** Constant index tuples of one index each. */
    private Optional<Tensor> positions(Node node) {
        return Optional.ofNullable(graph.constants().get(node.inputs().get(1)))
                .filter(indices -> !indices.shape().isEmpty()
                        && indices.shape().get(indices.shape().size() - 1) == 1);
    }
}
