package io.espalier.engine.surgery;

import io.espalier.engine.coupling.channel.KeptIndices;
import io.espalier.engine.coupling.propagate.SliceRange;
import io.espalier.graph.flow.ControlFlowEdges;
import io.espalier.graph.operator.Movement;
import io.espalier.graph.operator.NodeView;
import io.espalier.graph.operator.OperatorDefinition;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.IntTensor;
import io.espalier.graph.shape.Shapes;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.graph.FreshNames;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.GraphIndex;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.Tensors;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Rewrites the shape operands that disagree with what is kept, and no others. */
final class OperandRewrites {

    private final Graph graph;
    private final Shapes before;
    private final Shapes after;
    private final KeptIndices keptIndices;
    private final Operators operators;
    private final OperandPatches patches;
    private final IndexRewrites indices;

    /**
     * Prepares the rewrites.
     *
     * @param before shapes of the original graph
     * @param after what the shape arithmetic of the original graph computes once the removal has happened
     */
    OperandRewrites(
            GraphIndex index,
            FreshNames names,
            Shapes before,
            Shapes after,
            KeptIndices keptIndices,
            Operators operators) {
        this.graph = index.graph();
        this.before = before;
        this.after = after;
        this.keptIndices = keptIndices;
        this.operators = operators;
        this.patches = new OperandPatches(index, names, after, operators);
        this.indices = new IndexRewrites(graph, before, operators, keptIndices, patches);
    }

    List<Edit> edits() {
        new PinnedScalars(graph, before, after, operators, patches).pin();
        graph.nodes().forEach(this::rewrite);
        return patches.edits();
    }

    private void rewrite(Node node) {
        boolean touched = node.inputs().stream().anyMatch(keptIndices::touches)
                || node.outputs().stream().anyMatch(keptIndices::touches)
                || node.inputs().stream().anyMatch(this::isMiscounted);
        if (!touched) {
            return;
        }
        if (ControlFlowEdges.isLink(node)) {
            course(node);
            return;
        }
        operators.of(node).flatMap(OperatorDefinition::movement).ifPresent(movement -> rewrite(node, movement));
    }

    private void rewrite(Node node, Movement movement) {
        switch (movement) {
            case RESHAPE -> reshape(node);
            case EXPAND -> expand(node);
            case FILL -> extents(node, 0);
            case RANGE -> range(node);
            case RESIZE -> resize(node);
            case UNPOOL -> unpool(node);
            case TILE -> tile(node);
            case SPLIT -> split(node);
            case SLICE -> slice(node);
            case PAD -> pad(node);
            case GATHER -> indices.gather(node);
            case GATHER_POSITIONS -> indices.gatherPositions(node);
            case WRITE_POSITIONS -> indices.writePositions(node);
            case FLATTEN, SQUEEZE, UNSQUEEZE, TRANSPOSE, CONCAT, GENERATE -> {}
        }
    }

    /** Whether shape arithmetic over other values now gives something else, though nothing of this node went. */
    private boolean isMiscounted(String operand) {
        return !graph.constants().containsKey(operand)
                && !before.content(operand).equals(after.content(operand));
    }

    private List<Dim> kept(String value) {
        return keptIndices
                .shape(value)
                .or(() -> after.shape(value))
                .orElseThrow(
                        () -> new InvalidInputException(
                                "The shape of '" + value
                                        + "' cannot be inferred once channels are removed; leave out what it is made from with --ignore."));
    }

    /** What an operand holds once the removal has happened, element by element. */
    private List<Optional<Dim>> content(String operand, int length) {
        return content(after, operand, length);
    }

    private static List<Optional<Dim>> content(Shapes shapes, String operand, int length) {
        return shapes.content(operand)
                .map(tensor -> tensor.elements())
                .filter(elements -> elements.size() == length)
                .orElseGet(() -> Arrays.asList(new Object[length]).stream()
                        .map(ignored -> Optional.<Dim>empty())
                        .toList());
    }

    private void reshape(Node node) {
        String output = node.outputs().get(0);
        List<Dim> wanted = kept(output);
        List<Dim> input = kept(node.inputs().get(0));
        List<Optional<Dim>> found = content(node.inputs().get(1), wanted.size());
        boolean copies = node.intAttribute("allowzero", 0) == 0;
        Map<Integer, Long> changes = new LinkedHashMap<>();
        int left = 0;
        for (int axis = 0; axis < wanted.size(); axis++) {
            Optional<Dim> element = found.get(axis);
            boolean copied = copies
                    && is(element, 0)
                    && axis < input.size()
                    && input.get(axis).equals(wanted.get(axis));
            boolean agrees = is(element, -1) || copied || element.equals(Optional.of(wanted.get(axis)));
            if (!agrees && (keptIndices.touches(output, axis) || element.isPresent() && !is(element, 0))) {
                changes.put(
                        axis, wanted.get(axis).isConstant() ? wanted.get(axis).constant() : -1);
            }
            left += is(element, -1) || changes.getOrDefault(axis, 0L) == -1 ? 1 : 0;
        }
        boolean needsOwn = !changes.isEmpty() && (left > 1 || !patches.isOwn(node, 1));
        if (needsOwn && replaceTarget(node, wanted, input)) {
            return;
        }
        if (left > 1) {
            String target = node.inputs().get(1);
            changes.entrySet()
                    .removeIf(change -> change.getValue() == -1
                            && patches.patchFactor(target, change.getKey(), wanted.get(change.getKey())));
        }
        patches.patch(node, 1, changes);
    }

    /** Gives a Reshape a target of its own, if at most one of its extents is neither a number nor copied. */
    private boolean replaceTarget(Node node, List<Dim> wanted, List<Dim> input) {
        long[] target = new long[wanted.size()];
        int open = 0;
        for (int axis = 0; axis < target.length; axis++) {
            Dim extent = wanted.get(axis);
            boolean copied = axis < input.size() && input.get(axis).equals(extent);
            target[axis] = extent.isConstant() ? extent.constant() : copied ? 0 : -1;
            open += target[axis] == -1 ? 1 : 0;
        }
        if (open > 1 || wanted.stream().anyMatch(extent -> extent.equals(Dim.of(0)))) {
            return false;
        }
        patches.replace(node, 1, Tensors.vector(target));
        patches.removeAttribute(node, "allowzero");
        return true;
    }

    /** Gives an Expand a target of its own, if every extent that grows is a number. */
    private boolean replaceExpansion(Node node, List<Dim> wanted) {
        List<Dim> input = kept(node.inputs().get(0));
        long[] target = new long[wanted.size()];
        for (int axis = 0; axis < target.length; axis++) {
            int from = axis - (target.length - input.size());
            boolean same = from >= 0 && input.get(from).equals(wanted.get(axis));
            if (!same && !wanted.get(axis).isConstant()) {
                return false;
            }
            target[axis] = same ? 1 : wanted.get(axis).constant();
        }
        patches.replace(node, 1, Tensors.vector(target));
        return true;
    }

    private static boolean is(Optional<Dim> element, long number) {
        return element.isPresent()
                && element.get().isConstant()
                && element.get().constant() == number;
    }

    private void expand(Node node) {
        List<Dim> wanted = kept(node.outputs().get(0));
        Map<Integer, Long> changes = changedExtents(node, 1, true);
        if (changes.isEmpty() || patches.isOwn(node, 1) || !replaceExpansion(node, wanted)) {
            patches.patch(node, 1, changes);
        }
    }

    private void extents(Node node, int slot) {
        patches.patch(node, slot, changedExtents(node, slot, false));
    }

    private Map<Integer, Long> changedExtents(Node node, int slot, boolean broadcasts) {
        List<Dim> wanted = kept(node.outputs().get(0));
        List<Optional<Dim>> found = content(node.inputs().get(slot), wanted.size());
        List<Optional<Dim>> original = content(before, node.inputs().get(slot), wanted.size());
        Map<Integer, Long> changes = new LinkedHashMap<>();
        for (int axis = 0; axis < wanted.size(); axis++) {
            Optional<Dim> element = found.get(axis);
            boolean agrees = element.equals(Optional.of(wanted.get(axis))) || broadcasts && is(element, 1);
            // An open extent may stand beside the number that it must be when the model runs.
            boolean miscounted =
                    element.isPresent() && wanted.get(axis).isConstant() && !element.equals(original.get(axis));
            if (agrees || !miscounted && !keptIndices.touches(node.outputs().get(0), axis)) {
                continue;
            }
            if (wanted.get(axis).isConstant()) {
                changes.put(axis, wanted.get(axis).constant());
            } else {
                patchFactor(node, slot, axis, wanted.get(axis));
            }
        }
        return changes;
    }

    private void patchFactor(Node node, int slot, int place, Dim wanted) {
        if (!patches.patchFactor(node.inputs().get(slot), place, wanted)) {
            throw new IllegalStateException("extent " + place + " that '" + node.id() + "' (" + node.operator()
                    + ") reads cannot be rewritten to " + wanted);
        }
    }

    /** Positions are counted from 0. */
    private void range(Node node) {
        Dim wanted = kept(node.outputs().get(0)).get(0);
        String limit = node.inputs().get(1);
        boolean agrees = after.content(limit)
                .map(IntTensor::elements)
                .filter(found -> found.size() == 1 && found.get(0).equals(Optional.of(wanted)))
                .isPresent();
        if (keptIndices.touches(node.outputs().get(0)) && !agrees) {
            patches.replace(node, 1, OperandPatches.tensor(before, limit, List.of(wanted.constant())));
        }
    }

    private void resize(Node node) {
        if (node.input(3).isPresent() && node.intsAttribute("axes").isEmpty()) {
            extents(node, 3);
        }
    }

    private void unpool(Node node) {
        if (node.input(2).isPresent()) {
            extents(node, 2);
        }
    }

    private void tile(Node node) {
        List<Dim> wanted = kept(node.outputs().get(0));
        List<Dim> input = kept(node.inputs().get(0));
        List<Optional<Dim>> found = content(node.inputs().get(1), wanted.size());
        Map<Integer, Long> changes = new LinkedHashMap<>();
        for (int axis = 0; axis < wanted.size(); axis++) {
            Optional<Dim> times = wanted.get(axis).divideExactly(input.get(axis));
            if (times.isEmpty() || found.get(axis).equals(times)) {
                continue;
            }
            if (times.get().isConstant()) {
                changes.put(axis, times.get().constant());
            } else if (keptIndices.touches(node.outputs().get(0), axis)) {
                patchFactor(node, 1, axis, times.get());
            }
        }
        patches.patch(node, 1, changes);
    }

    private void split(Node node) {
        NodeView view = new NodeView(node, before);
        int axis = view.axis("axis", 0, view.rank(0));
        boolean miscounted = node.input(1).filter(this::isMiscounted).isPresent();
        if (!keptIndices.touches(node.inputs().get(0), axis) && !miscounted) {
            return;
        }
        int parts = node.outputs().size();
        long[] sizes = new long[parts];
        for (int part = 0; part < parts; part++) {
            sizes[part] = kept(node.outputs().get(part)).get(axis).constant();
        }
        if (node.input(1).isPresent()) {
            List<Optional<Dim>> found = content(node.inputs().get(1), parts);
            Map<Integer, Long> changes = new LinkedHashMap<>();
            for (int part = 0; part < parts; part++) {
                if (!is(found.get(part), sizes[part])) {
                    changes.put(part, sizes[part]);
                }
            }
            patches.patch(node, 1, changes);
        } else if (Arrays.stream(sizes).distinct().count() > 1) {
            patches.replace(node, 1, Tensors.vector(sizes));
            patches.removeAttribute(node, "num_outputs");
        }
    }

    private void slice(Node node) {
        NodeView view = new NodeView(node, before);
        Map<Integer, Long> starts = new LinkedHashMap<>();
        Map<Integer, Long> ends = new LinkedHashMap<>();
        List<SliceRange> ranges = SliceRange.of(view, view.rank(0));
        List<Optional<Dim>> foundStarts = content(node.inputs().get(1), ranges.size());
        List<Optional<Dim>> foundEnds = content(node.inputs().get(2), ranges.size());
        for (int i = 0; i < ranges.size(); i++) {
            SliceRange range = ranges.get(i);
            Optional<int[]> kept = keptIndices.positions(node.inputs().get(0), range.axis());
            boolean miscounted = isMiscounted(node.inputs().get(1))
                    || isMiscounted(node.inputs().get(2));
            boolean touched = keptIndices.touches(node.inputs().get(0), range.axis());
            if (kept.isEmpty() || !touched && !(miscounted && range.isKnown())) {
                continue;
            }
            int extent = (int) view.shape(0).orElseThrow().get(range.axis()).constant();
            long[] wanted = range.after(extent, kept.get());
            if (!range.cuts(foundStarts.get(i), foundEnds.get(i), kept.get().length, wanted)) {
                starts.put(i, wanted[0]);
                ends.put(i, wanted[1]);
            }
        }
        patches.patch(node, 1, starts);
        patches.patch(node, 2, ends);
    }

    private void pad(Node node) {
        NodeView view = new NodeView(node, before);
        int rank = view.rank(0);
        List<Optional<Dim>> amounts =
                before.content(node.inputs().get(1)).map(IntTensor::elements).orElse(List.of());
        boolean namesAxes = node.input(3).isPresent();
        if (namesAxes && view.numbers(3).isEmpty()) {
            return;
        }
        int count = amounts.size() / 2;
        Map<Integer, Long> changes = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            int axis = namesAxes ? NodeView.normalise(view.numbers(3).orElseThrow()[i], rank) : i;
            Optional<int[]> kept = keptIndices.positions(node.outputs().get(0), axis);
            boolean known = amounts.get(i).filter(Dim::isConstant).isPresent();
            if (!known || kept.isEmpty() || !keptIndices.touches(node.outputs().get(0), axis)) {
                continue;
            }
            long start = amounts.get(i).orElseThrow().constant();
            long end = start + view.shape(0).orElseThrow().get(axis).constant();
            long first = Arrays.stream(kept.get())
                    .filter(position -> position < start)
                    .count();
            long last = Arrays.stream(kept.get())
                    .filter(position -> position >= end)
                    .count();
            change(changes, i, amounts.get(i), first);
            change(changes, i + count, amounts.get(i + count), last);
        }
        patches.patch(node, 1, changes);
    }

    private static void change(Map<Integer, Long> changes, int place, Optional<Dim> found, long wanted) {
        if (!is(found, wanted)) {
            changes.put(place, wanted);
        }
    }

    /** Decisions that a model takes by its own extents are kept: which branch it takes, how many turns a loop has. */
    private void course(Node link) {
        for (int slot = 0; slot < link.inputs().size(); slot++) {
            String operand = link.inputs().get(slot);
            Optional<List<Long>> decided = before.content(operand).flatMap(IntTensor::constants);
            if (ControlFlowEdges.decidesCourse(link, slot) && decided.isPresent() && isMiscounted(operand)) {
                patches.replace(link, slot, OperandPatches.tensor(before, operand, decided.get()));
            }
        }
    }
}
