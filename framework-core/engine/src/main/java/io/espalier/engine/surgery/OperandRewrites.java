package io.espalier.engine.surgery;

import io.espalier.engine.coupling.SliceRange;
import io.espalier.engine.coupling.Survivors;
import io.espalier.engine.operator.NodeView;
import io.espalier.engine.shape.Dim;
import io.espalier.engine.shape.Shapes;
import io.espalier.spi.adapter.Edit;
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

/** Rewrites the shape operands that disagree with what is kept, and no others. */
final class OperandRewrites {

    private final Graph graph;
    private final Shapes before;
    private final Shapes after;
    private final Survivors survivors;
    private final OperandPatches patches;

    /**
     * Prepares the rewrites.
     *
     * @param before shapes of the original graph
     * @param after what the shape arithmetic of the original graph computes once the removal has happened
     */
    OperandRewrites(Graph graph, Shapes before, Shapes after, Survivors survivors) {
        this.graph = graph;
        this.before = before;
        this.after = after;
        this.survivors = survivors;
        this.patches = new OperandPatches(graph, after);
    }

    List<Edit> edits() {
        new PinnedScalars(graph, before, after, patches).pin();
        graph.nodes().forEach(this::rewrite);
        return patches.edits();
    }

    private void rewrite(Node node) {
        boolean touched = node.inputs().stream().anyMatch(survivors::touches)
                || node.outputs().stream().anyMatch(survivors::touches);
        if (!touched || !node.domain().isEmpty()) {
            return;
        }
        switch (node.operator()) {
            case "Reshape" -> reshape(node);
            case "Expand" -> extents(node, 1, true);
            case "ConstantOfShape" -> extents(node, 0, false);
            case "Resize" -> resize(node);
            case "Tile" -> tile(node);
            case "Split" -> split(node);
            case "Slice" -> slice(node);
            case "Pad" -> pad(node);
            case "Gather" -> gather(node);
            default -> {}
        }
    }

    private List<Dim> kept(String value) {
        return survivors.shape(value).or(() -> after.shape(value)).orElseThrow();
    }

    /** What an operand holds once the removal has happened, element by element. */
    private List<Optional<Dim>> content(String operand, int length) {
        return after.content(operand)
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
        for (int axis = 0; axis < wanted.size(); axis++) {
            Optional<Dim> element = found.get(axis);
            boolean inferred = is(element, -1);
            boolean copied = copies
                    && is(element, 0)
                    && axis < input.size()
                    && input.get(axis).equals(wanted.get(axis));
            boolean agrees = inferred || copied || element.equals(Optional.of(wanted.get(axis)));
            if (!agrees && (survivors.touches(output, axis) || element.isPresent() && !is(element, 0))) {
                changes.put(
                        axis, wanted.get(axis).isConstant() ? wanted.get(axis).constant() : -1);
            }
        }
        patches.patch(node, 1, changes);
    }

    private static boolean is(Optional<Dim> element, long number) {
        return element.isPresent()
                && element.get().isConstant()
                && element.get().constant() == number;
    }

    private void extents(Node node, int slot, boolean broadcasts) {
        List<Dim> wanted = kept(node.outputs().get(0));
        List<Optional<Dim>> found = content(node.inputs().get(slot), wanted.size());
        Map<Integer, Long> changes = new LinkedHashMap<>();
        for (int axis = 0; axis < wanted.size(); axis++) {
            Optional<Dim> element = found.get(axis);
            boolean agrees = element.equals(Optional.of(wanted.get(axis))) || broadcasts && is(element, 1);
            if (!agrees && survivors.touches(node.outputs().get(0), axis)) {
                changes.put(axis, wanted.get(axis).constant());
            }
        }
        patches.patch(node, slot, changes);
    }

    private void resize(Node node) {
        if (node.input(3).isPresent() && node.intsAttribute("axes").isEmpty()) {
            extents(node, 3, false);
        }
    }

    private void tile(Node node) {
        List<Dim> wanted = kept(node.outputs().get(0));
        List<Dim> input = kept(node.inputs().get(0));
        List<Optional<Dim>> found = content(node.inputs().get(1), wanted.size());
        Map<Integer, Long> changes = new LinkedHashMap<>();
        for (int axis = 0; axis < wanted.size(); axis++) {
            Optional<Dim> times = wanted.get(axis).divideExactly(input.get(axis));
            if (times.isPresent()
                    && times.get().isConstant()
                    && !found.get(axis).equals(times)) {
                changes.put(axis, times.get().constant());
            }
        }
        patches.patch(node, 1, changes);
    }

    private void split(Node node) {
        NodeView view = new NodeView(node, before);
        int axis = view.axis("axis", 0, view.rank(0));
        if (!survivors.touches(node.inputs().get(0), axis)) {
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
            Optional<int[]> kept = survivors.positions(node.inputs().get(0), range.axis());
            if (!survivors.touches(node.inputs().get(0), range.axis()) || kept.isEmpty()) {
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
        Optional<long[]> amounts = view.numbers(1);
        boolean namesAxes = node.input(3).isPresent();
        if (amounts.isEmpty() || namesAxes && view.numbers(3).isEmpty()) {
            return;
        }
        int count = amounts.get().length / 2;
        Map<Integer, Long> changes = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            int axis = namesAxes ? NodeView.normalise(view.numbers(3).orElseThrow()[i], rank) : i;
            Optional<int[]> kept = survivors.positions(node.outputs().get(0), axis);
            if (kept.isEmpty() || !survivors.touches(node.outputs().get(0), axis)) {
                continue;
            }
            long start = amounts.get()[i];
            long end = start + view.shape(0).orElseThrow().get(axis).constant();
            long first = Arrays.stream(kept.get())
                    .filter(position -> position < start)
                    .count();
            long last = Arrays.stream(kept.get())
                    .filter(position -> position >= end)
                    .count();
            changes.put(i, first);
            changes.put(i + count, last);
        }
        patches.patch(node, 1, changes);
    }

    /** Constant indices along an axis that loses positions are renumbered. */
    private void gather(Node node) {
        NodeView view = new NodeView(node, before);
        String data = node.inputs().get(0);
        int axis = view.axis("axis", 0, view.rank(0));
        Tensor indices = graph.constants().get(node.inputs().get(1));
        Optional<long[]> numbers = indices != null ? Optional.of(Tensors.toLongs(indices)) : view.numbers(1);
        if (!survivors.touches(data, axis) || numbers.isEmpty()) {
            return;
        }
        int extent = (int) view.shape(0).orElseThrow().get(axis).constant();
        int[] kept = survivors.positions(data, axis).orElseThrow();
        List<Long> renumbered = new ArrayList<>();
        for (long number : numbers.get()) {
            int place = Arrays.binarySearch(kept, NodeView.normalise(number, extent));
            if (place >= 0) {
                renumbered.add((long) place);
            }
        }
        int rank = view.rank(1);
        List<Long> shape = kept(node.outputs().get(0)).subList(axis, axis + rank).stream()
                .map(Dim::constant)
                .toList();
        long[] values = renumbered.stream().mapToLong(Long::longValue).toArray();
        if (!Arrays.equals(values, numbers.get())) {
            patches.replace(node, 1, Tensors.longs(shape, values));
        }
    }
}
