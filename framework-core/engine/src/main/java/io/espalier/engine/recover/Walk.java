package io.espalier.engine.recover;

import io.espalier.graph.operator.WeightMatrix;
import io.espalier.graph.shape.Shapes;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.compensator.KeptPositions;
import io.espalier.spi.graph.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs the original and the pruned graph as far as the nodes that apply weights, which are visited in their order. */
final class Walk implements AutoCloseable {

    private static final String NO_OUTPUT = "the original has no such output";
    private static final String NO_TENSORS = "values that are no tensors are in use here";
    private static final String NO_INPUT = "the original does not compute what it reads";

    private final Progress original;
    private final Progress pruned;
    private final Shapes before;
    private final Shapes after;
    private final KeptPositions kept;

    /**
     * Stands before the first node.
     *
     * @param before shapes of the original
     * @param after shapes of the pruned graph
     */
    Walk(Progress original, Progress pruned, Shapes before, Shapes after, KeptPositions kept) {
        this.original = original;
        this.pruned = pruned;
        this.before = before;
        this.after = after;
        this.kept = kept;
    }

    /** The pruned graph. */
    Progress pruned() {
        return pruned;
    }

    /**
     * Runs as far as an application.
     *
     * @param oneShot whether it reads what the original computes, of that what is kept
     */
    Sources to(Application application, boolean oneShot) throws NotFittedException {
        Node node = application.node();
        int there = original.place(node.id()).orElseThrow(() -> new NotFittedException(NO_OUTPUT));
        Map<Integer, int[]> positions = kept(application.matrix());
        Map<String, Map<Integer, int[]>> narrowed = oneShot ? narrowed(node) : Map.of();
        require(original.canStopBefore(there + 1) && (!oneShot || original.canStopBefore(there)), NO_TENSORS);
        List<String> wanted = new ArrayList<>(List.of(node.id()));
        if (oneShot) {
            wanted.addAll(node.reads());
            original.advance(there + 1, wanted);
            return new Sources(node.id(), original, positions, original, narrowed);
        }
        int here = pruned.place(node.id()).orElseThrow(() -> new NotFittedException(NO_OUTPUT));
        require(pruned.canStopBefore(here), NO_TENSORS);
        original.advance(there + 1, wanted);
        pruned.advance(here, node.reads());
        return new Sources(node.id(), original, positions, pruned, narrowed);
    }

    private static void require(boolean holds, String reason) throws NotFittedException {
        if (!holds) {
            throw new NotFittedException(reason);
        }
    }

    /** The positions that are kept along the axes of the output that the weight gives. */
    private Map<Integer, int[]> kept(WeightMatrix matrix) throws NotFittedException {
        Map<Integer, int[]> positions = new LinkedHashMap<>();
        for (int axis : matrix.givenAxes()) {
            positions.put(
                    axis, kept.ofValue(matrix.node().id(), axis).orElseThrow(() -> new NotFittedException(NO_OUTPUT)));
        }
        return positions;
    }

    /** For each value that a node reads and that the cut has narrowed, the positions that are kept. */
    private Map<String, Map<Integer, int[]>> narrowed(Node node) throws NotFittedException {
        Map<String, Map<Integer, int[]>> narrowed = new LinkedHashMap<>();
        for (String value : node.reads()) {
            if (pruned.isVarying(value)) {
                require(original.isVarying(value), NO_INPUT);
                narrowed.put(value, narrowed(value));
            }
        }
        return narrowed;
    }

    private Map<Integer, int[]> narrowed(String value) throws NotFittedException {
        Optional<List<Dim>> wide = before.shape(value);
        Optional<List<Dim>> narrow = after.shape(value);
        require(wide.map(List::size).isPresent() && wide.map(List::size).equals(narrow.map(List::size)), NO_INPUT);
        Map<Integer, int[]> positions = new LinkedHashMap<>();
        for (int axis = 0; axis < wide.get().size(); axis++) {
            Dim extent = narrow.get().get(axis);
            if (!extent.equals(wide.get().get(axis))) {
                int[] found = kept.ofValue(value, axis).orElseThrow(() -> new NotFittedException(NO_INPUT));
                require(extent.isConstant() && extent.constant() == found.length, NO_INPUT);
                positions.put(axis, found);
            }
        }
        return positions;
    }

    @Override
    public void close() {
        original.close();
        pruned.close();
    }
}
