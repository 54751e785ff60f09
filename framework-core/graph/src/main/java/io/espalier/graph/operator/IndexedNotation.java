package io.espalier.graph.operator;

import static io.espalier.graph.operator.NotationText.letters;
import static io.espalier.graph.operator.NotationText.marked;
import static io.espalier.graph.operator.NotationText.operand;

import io.espalier.graph.symbol.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Notation of operators that read or write where indices computed at run time say. Nothing can be removed along the axes that are
 * indexed, unless the indices count all their positions; the others pass where data, indices and updates agree position by position.
 */
final class IndexedNotation {

    private IndexedNotation() {}

    /** One index for each element; axes other than the indexed one pass where the indices have all of them. */
    static Optional<String> elements(NodeView view, boolean scatters) {
        Optional<List<Dim>> data = view.shape(0);
        Optional<List<Dim>> indices = view.shape(1);
        if (data.isEmpty()
                || indices.isEmpty()
                || data.get().size() != indices.get().size()) {
            return Optional.empty();
        }
        int rank = data.get().size();
        int indexed = view.axis("axis", 0, rank);
        List<String> inData = new ArrayList<>();
        List<String> inIndices = new ArrayList<>();
        for (int axis = 0; axis < rank; axis++) {
            boolean whole =
                    axis != indexed && data.get().get(axis).equals(indices.get().get(axis));
            inData.add((whole ? "a" : "#a") + axis);
            inIndices.add((whole ? "a" : "#b") + axis);
        }
        String operands = operand("x", inData) + " " + operand("i", inIndices);
        return Optional.of(
                scatters
                        ? operands + " " + operand("u", inIndices) + " -> " + operand("y", open(inData))
                        : operands + " -> " + operand("y", open(inIndices)));
    }

    static Optional<String> gatherBlocks(NodeView view) {
        int batches = (int) view.node().intAttribute("batch_dims", 0);
        return depth(view).filter(depth -> batches + depth <= view.rank(0)).map(depth -> {
            List<String> data = data(view, batches + depth);
            List<String> places = places(view);
            List<String> output = new ArrayList<>(places);
            output.addAll(data.subList(batches + depth, data.size()));
            return operand("x", data) + " " + indices(places) + " -> " + operand("y", open(output));
        });
    }

    /** Where index tuples name all positions of an axis, as assigning to a slice of others does, it passes. */
    static Optional<String> scatterBlocks(NodeView view) {
        return depth(view).filter(depth -> depth <= view.rank(0)).map(depth -> {
            List<String> data = data(view, depth);
            List<String> places = places(view);
            List<Dim> extents = view.shape(0).orElseThrow();
            List<Dim> indices = view.shape(1).orElseThrow();
            view.shapes()
                    .tuples(view.node().inputs().get(1))
                    .map(counted -> counted.wholeAxes(extents, indices))
                    .orElse(Map.of())
                    .forEach((axis, place) -> {
                        data.set(axis, "a" + axis);
                        places.set(place, "a" + axis);
                    });
            List<String> updates = new ArrayList<>(places);
            updates.addAll(data.subList(depth, data.size()));
            return operand("x", data) + " " + indices(places) + " " + operand("u", updates) + " -> "
                    + operand("y", open(data));
        });
    }

    /** How many axes one index tuple names. */
    private static Optional<Integer> depth(NodeView view) {
        return view.shape(1)
                .filter(shape -> !shape.isEmpty())
                .map(shape -> shape.get(shape.size() - 1))
                .filter(Dim::isConstant)
                .map(extent -> Math.toIntExact(extent.constant()));
    }

    private static List<String> data(NodeView view, int indexed) {
        return marked(letters("a", view.rank(0)), 0, indexed, "#");
    }

    private static List<String> places(NodeView view) {
        List<String> letters = letters("i", view.rank(1) - 1);
        return marked(letters, 0, letters.size(), "#");
    }

    private static String indices(List<String> places) {
        List<String> axes = new ArrayList<>(places);
        axes.add("#k");
        return operand("i", axes);
    }

    private static List<String> open(List<String> axes) {
        return axes.stream().map(axis -> axis.replace("#", "")).toList();
    }
}
