package io.espalier.engine.coupling.propagate;

import io.espalier.engine.coupling.label.AxisFactor;
import io.espalier.engine.coupling.label.Barrier;
import io.espalier.engine.coupling.label.Labels;
import io.espalier.engine.coupling.label.Layout;
import io.espalier.engine.coupling.label.Repetitions;
import io.espalier.graph.operator.IndexNotation;
import io.espalier.graph.operator.IndexNotation.AxisTerm;
import io.espalier.graph.operator.Letter;
import io.espalier.graph.operator.NodeView;
import io.espalier.graph.shape.Dim;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** The operators that only move elements, by name. */
final class MoveRules {

    private interface Rule {

        /** Layouts of the outputs, or empty when an operand that matters is not known before the model runs. */
        Optional<List<Layout>> apply(NodeView view, List<Layout> inputs);
    }

    /** Operators whose results depend on extents and settings alone. */
    private static final List<String> MAKERS = List.of(
            "Shape",
            "Size",
            "RandomNormal",
            "RandomUniform",
            "HannWindow",
            "HammingWindow",
            "BlackmanWindow",
            "MelWeightMatrix");

    private final Graph graph;
    private final Labels labels;
    private final CountedIndices counted;
    private final Relations relations;
    private final IndexMoves moves;
    private final Map<String, Rule> rules = new LinkedHashMap<>();

    MoveRules(Graph graph, Labels labels, CountedIndices counted, Repetitions repetitions) {
        this.graph = graph;
        this.counted = counted;
        this.labels = labels;
        this.relations = new Relations(labels);
        this.moves = new IndexMoves(labels, repetitions);
        for (String operator : List.of("Reshape", "Flatten", "Squeeze", "Unsqueeze")) {
            rules.put(operator, this::regroup);
        }
        rules.put("Transpose", this::transpose);
        rules.put("Concat", this::concat);
        rules.put("Split", this::split);
        rules.put("Slice", this::slice);
        rules.put("Gather", this::gather);
        rules.put("Pad", this::pad);
        rules.put("Expand", this::expand);
        rules.put("Tile", this::tile);
        rules.put(
                "ConstantOfShape",
                (view, inputs) -> view.outputShape(0).map(shape -> List.of(moves.filled(result(view), shape))));
        rules.put("Range", this::range);
        for (String operator : MAKERS) {
            rules.put(operator, (view, inputs) -> inertOutput(view));
        }
    }

    Set<String> operators() {
        return rules.keySet();
    }

    /** How many of the first inputs are moved; the others say where to. */
    int movedInputs(Node node) {
        return switch (node.operator()) {
            case "Concat" -> node.inputs().size();
            case "Gather", "GatherND" -> 2;
            case "ScatterND" -> 3;
            case "ConstantOfShape", "Range", "HannWindow", "HammingWindow", "BlackmanWindow", "MelWeightMatrix" -> 0;
            default -> 1;
        };
    }

    boolean knows(Node node) {
        return rules.containsKey(node.qualifiedOperator())
                || gathersPositions(graph, node)
                || writesPositions(graph, node);
    }

    /** Whether a GatherND picks positions of its first axis by constant indices, as Gather does. */
    static boolean gathersPositions(Graph graph, Node node) {
        return node.qualifiedOperator().equals("GatherND")
                && node.intAttribute("batch_dims", 0) == 0
                && positions(graph, node).isPresent();
    }

    /** Whether a ScatterND writes positions of its first axis, each once, that constant indices name one after the other. */
    static boolean writesPositions(Graph graph, Node node) {
        return node.qualifiedOperator().equals("ScatterND")
                && node.textAttribute("reduction", "none").equals("none")
                && positions(graph, node)
                        .filter(indices -> indices.shape().size() == 2
                                && Arrays.stream(Tensors.toLongs(indices))
                                                .distinct()
                                                .count()
                                        == indices.shape().get(0))
                        .isPresent();
    }

    /** Constant index tuples of one index each. */
    private static Optional<Tensor> positions(Graph graph, Node node) {
        return Optional.ofNullable(graph.constants().get(node.inputs().get(1)))
                .filter(indices -> !indices.shape().isEmpty()
                        && indices.shape().get(indices.shape().size() - 1) == 1);
    }

    Optional<List<Layout>> apply(NodeView view, List<Layout> inputs) {
        Rule byPosition = view.node().operator().equals("ScatterND") ? this::write : this::gather;
        Rule rule = rules.getOrDefault(view.node().qualifiedOperator(), byPosition);
        return rule.apply(view, inputs);
    }

    /** A constant that counts positions; how many there are follows from the axes they are combined with. */
    Layout numbers(List<Dim> shape) {
        return moves.filled("", shape);
    }

    private static Barrier barrier(NodeView view, int slot, int axis, String reason) {
        Node node = view.node();
        return new Barrier(node.qualifiedOperator(), node.id(), node.inputs().get(slot), axis, reason);
    }

    private static String result(NodeView view) {
        return view.node().outputs().get(0);
    }

    private Optional<List<Layout>> inertOutput(NodeView view) {
        return view.outputShape(0).map(shape -> List.of(Layout.inert(shape)));
    }

    /** Positions counted from 0 are as many as those of the axis they count. */
    private Optional<List<Layout>> range(NodeView view, List<Layout> inputs) {
        boolean counts = view.node()
                .output(0)
                .filter(counted::contains)
                .flatMap(view.shapes()::progression)
                .filter(found -> found.columns().get(0).counts())
                .isPresent();
        boolean numeric =
                view.outputShape(0).filter(shape -> shape.get(0).isConstant()).isPresent();
        return counts && numeric
                ? view.outputShape(0).map(shape -> List.of(moves.filled(result(view), shape)))
                : inertOutput(view);
    }

    private Optional<List<Layout>> regroup(NodeView view, List<Layout> inputs) {
        Barrier reason = barrier(view, 0, -1, "the new shape does not divide its axes");
        return view.outputShape(0).map(shape -> List.of(moves.regroup(inputs.get(0), shape, reason)));
    }

    private Optional<List<Layout>> transpose(NodeView view, List<Layout> inputs) {
        int rank = inputs.get(0).rank();
        List<Integer> reversed =
                IntStream.range(0, rank).mapToObj(axis -> rank - 1 - axis).toList();
        List<Integer> permutation = view.node()
                .intsAttribute("perm")
                .map(axes -> axes.stream().map(Long::intValue).toList())
                .orElse(reversed);
        return Optional.of(List.of(moves.transpose(inputs.get(0), permutation)));
    }

    private Optional<List<Layout>> concat(NodeView view, List<Layout> inputs) {
        int rank = inputs.get(0).rank();
        if (inputs.stream().anyMatch(input -> input.rank() != rank)) {
            return Optional.empty();
        }
        int axis = view.axis("axis", 0, rank);
        boolean plain = inputs.stream().allMatch(input -> isPlainBeside(input, axis));
        List<Layout> aligned = plain ? inputs : align(view, view.node().inputs(), inputs, axis);
        Barrier reason = barrier(view, 0, axis, "several independent indices meet in the joined axis");
        return Optional.of(List.of(moves.concat(aligned, axis, reason)));
    }

    /** Whether nothing can be removed along any axis but one, and none of them is divided. */
    private static boolean isPlainBeside(Layout layout, int axis) {
        return IntStream.range(0, layout.rank())
                .allMatch(other -> other == axis || layout.axes().get(other).size() <= 1 && !layout.isTracked(other));
    }

    /** Relates all axes but one, as an element-wise operator would. */
    private List<Layout> align(NodeView view, List<String> names, List<Layout> inputs, int axis) {
        List<Operand> operands = new ArrayList<>();
        List<AxisTerm> all = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            List<AxisTerm> terms = new ArrayList<>();
            for (int other = 0; other < inputs.get(i).rank(); other++) {
                String name = other == axis ? "own" + i : "a" + other;
                terms.add(new AxisTerm(List.of(new Letter(name, Letter.Marker.NONE))));
            }
            all.addAll(terms);
            operands.add(new Operand(names.get(i), inputs.get(i), terms));
        }
        IndexNotation notation = new IndexNotation(List.of(), List.of(all), Map.of(), Map.of());
        new NotationApplication(labels, view.node(), notation, operands).run();
        return operands.stream().map(operand -> operand.layout).toList();
    }

    private Optional<List<Layout>> split(NodeView view, List<Layout> inputs) {
        int axis = view.axis("axis", 0, inputs.get(0).rank());
        Barrier reason = barrier(view, 0, axis, "a part of extent 1 is split off");
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
                outputs.add(moves.inertAxis(input, axis, extent, barrier(view, 0, axis, "")));
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

    private Optional<List<Layout>> slice(NodeView view, List<Layout> inputs) {
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
        Barrier unknown = barrier(view, 0, axis, "a range computed at run time is cut from it");
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
            moves.joinBlocks(flat.get(), axis, step, barrier(view, 0, axis, "a stride steps over fixed positions"));
        }
        Barrier single = barrier(view, 0, axis, "a single position of it is cut out");
        return moves.select(flat.get(), axis, positions.get(), true, single);
    }

    private Optional<List<Layout>> gather(NodeView view, List<Layout> inputs) {
        Layout data = inputs.get(0);
        Layout all = inputs.get(1).detached();
        Layout indices = view.node().operator().equals("GatherND")
                ? new Layout(all.axes().subList(0, all.rank() - 1), List.of())
                : all;
        int axis = view.axis("axis", 0, data.rank());
        Optional<long[]> constant = constantIndices(view);
        if (constant.isPresent() && data.isTracked(axis) && data.extent(axis).isConstant()) {
            int extent = Math.toIntExact(data.extent(axis).constant());
            int[] positions = new int[constant.get().length];
            for (int i = 0; i < positions.length; i++) {
                positions[i] = NodeView.normalise(constant.get()[i], extent);
            }
            Barrier reordered = barrier(view, 0, axis, "positions of it are picked by constant indices");
            Layout picked = moves.select(
                    moves.tieColumns(data, axis, reordered),
                    axis,
                    positions,
                    indices.rank() > 0,
                    barrier(view, 0, axis, "one position of it is picked by a constant index"));
            return Optional.of(List.of(splitIndexAxis(view, picked, indices, axis)));
        }
        Barrier reason = barrier(view, 0, axis, "indices computed at run time pick from it");
        Optional<Layout> strided = counted.read(view.node())
                .filter(read -> data.isTracked(axis))
                .flatMap(read -> new StridedMove(labels, view, reason).apply(read, data, inputs.get(1), axis));
        if (strided.isPresent()) {
            return Optional.of(List.of(strided.get()));
        }
        Layout collapsed = relations.collapse(data, data.axes().get(axis), reason);
        relations.freeze(indices, barrier(view, 1, -1, "it holds indices"));
        List<List<AxisFactor>> axes = new ArrayList<>(collapsed.axes().subList(0, axis));
        axes.addAll(indices.axes());
        axes.addAll(collapsed.axes().subList(axis + 1, collapsed.rank()));
        return Optional.of(List.of(new Layout(axes, collapsed.maps())));
    }

    /** Updates replace some positions of the first axis, and are removed with them. */
    private Optional<List<Layout>> write(NodeView view, List<Layout> inputs) {
        Layout data = inputs.get(0);
        Layout updates = inputs.get(2);
        long[] numbers = constantIndices(view).orElseThrow();
        Barrier reason = barrier(view, 0, 0, "positions of it are written by constant indices");
        Layout written;
        if (data.extent(0).isConstant()) {
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
        align(view, names, List.of(written, updates), -1);
        return Optional.of(List.of(data));
    }

    private Layout splitIndexAxis(NodeView view, Layout picked, Layout indices, int axis) {
        if (indices.rank() <= 1) {
            return picked;
        }
        List<Dim> shape = new ArrayList<>(picked.shape());
        shape.remove(axis);
        shape.addAll(axis, indices.shape());
        return moves.regroup(picked, shape, barrier(view, 1, -1, "the shape of the indices"));
    }

    private Optional<long[]> constantIndices(NodeView view) {
        Tensor constant = graph.constants().get(view.node().inputs().get(1));
        return constant != null ? Optional.of(Tensors.toLongs(constant)) : view.numbers(1);
    }

    private Optional<List<Layout>> pad(NodeView view, List<Layout> inputs) {
        Layout layout = inputs.get(0);
        Optional<List<Dim>> shape = view.outputShape(0);
        if (shape.isEmpty()) {
            return Optional.empty();
        }
        PadAmounts pads = PadAmounts.of(view, layout.rank());
        for (int axis = 0; axis < layout.rank(); axis++) {
            boolean constantMode = view.node().textAttribute("mode", "constant").equals("constant");
            Barrier reason = barrier(view, 0, axis, "it is padded in a way that depends on its content");
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

    private Optional<List<Layout>> expand(NodeView view, List<Layout> inputs) {
        return view.outputShape(0).map(shape -> List.of(moves.expand(inputs.get(0), result(view), shape)));
    }

    private Optional<List<Layout>> tile(NodeView view, List<Layout> inputs) {
        Layout layout = inputs.get(0);
        Optional<List<Dim>> shape = view.outputShape(0);
        if (shape.isEmpty()) {
            return Optional.empty();
        }
        for (int axis = 0; axis < layout.rank(); axis++) {
            Dim extent = shape.get().get(axis);
            Optional<Dim> times = extent.divideExactly(layout.extent(axis));
            layout = times.isPresent()
                    ? moves.repeat(layout, result(view), axis, times.get())
                    : moves.inertAxis(
                            layout, axis, extent, barrier(view, 0, axis, "the number of repetitions is not known"));
        }
        return Optional.of(List.of(layout));
    }
}
