package io.espalier.graph.operator;

import static io.espalier.graph.operator.NotationText.letters;
import static io.espalier.graph.operator.NotationText.marked;
import static io.espalier.graph.operator.NotationText.operand;
import static io.espalier.graph.operator.OperatorDefinition.define;
import static io.espalier.spi.operator.SlotRole.DATA;
import static io.espalier.spi.operator.SlotRole.INDICES;

import io.espalier.graph.operator.OperatorDefinition.Builder;
import io.espalier.graph.shape.Content;
import io.espalier.graph.shape.NodeScope;
import io.espalier.graph.symbol.Dim;
import io.espalier.graph.symbol.Fraction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Operators that write elements where indices say. */
public final class Scattering {

    private Scattering() {}

    static List<Builder> definitions() {
        return List.of(
                define("ScatterElements")
                        .notation(view -> IndexedNotation.elements(view, true))
                        .shape(1, Scattering::scatterElements)
                        .gradient(ScatteringGradients::elements)
                        .roles(DATA, INDICES)
                        .indexes(1, 0),
                define("Scatter").shape(1, Scattering::scatterElements).roles(DATA, INDICES),
                define("ScatterND")
                        .notation(IndexedNotation::scatterBlocks)
                        .shape(1, Scattering::scatterNd)
                        .roles(DATA, INDICES)
                        .moves(Movement.WRITE_POSITIONS)
                        .gradient(ScatteringGradients::blocks),
                define("TensorScatter").notation(Scattering::cache).sameShape());
    }

    /** Writes into a cache at a place that is known at run time. */
    private static Optional<String> cache(NodeView view) {
        int rank = view.rank(0);
        if (rank < 2) {
            return Optional.empty();
        }
        int place = view.axis("axis", -2, rank);
        List<String> axes = letters("a", rank);
        List<String> update = new ArrayList<>(axes);
        update.set(place, "#u");
        return Optional.of(operand("x", marked(axes, place, place + 1, "#")) + " " + operand("u", update) + " _ -> "
                + operand("y", axes));
    }

    private static void scatterElements(NodeScope scope) {
        List<Dim> data = scope.shape(0);
        int axis = scope.axis(0, data.size());
        Optional<Content> content = operands(scope).flatMap(all -> scattered(all.get(0), all.get(1), all.get(2), axis));
        scope.put(0, scope.type(0), data, content);
    }

    private static void scatterNd(NodeScope scope) {
        Optional<Content> content = operands(scope).flatMap(all -> scatteredNd(all.get(0), all.get(1), all.get(2)));
        scope.put(0, scope.type(0), scope.shape(0), content);
    }

    /** Contents of data, indices and updates, when all are known and updates replace what they meet. */
    private static Optional<List<Content>> operands(NodeScope scope) {
        if (!scope.node().textAttribute("reduction", "none").equals("none")) {
            return Optional.empty();
        }
        List<Content> contents = new ArrayList<>();
        for (int slot = 0; slot < 3; slot++) {
            Optional<Content> content = scope.value(slot).mayHaveContent() ? scope.content(slot) : Optional.empty();
            if (content.isEmpty()) {
                return Optional.empty();
            }
            contents.add(content.get());
        }
        return Optional.of(contents);
    }

    private static Optional<Content> scattered(Content data, Content indices, Content updates, int axis) {
        if (!indices.shape().equals(updates.shape()) || indices.rank() != data.rank()) {
            return Optional.empty();
        }
        List<Optional<Fraction>> elements = new ArrayList<>(data.elements());
        for (int i = 0; i < indices.size(); i++) {
            int[] position = Content.position(indices.shape(), i);
            Optional<Integer> index =
                    Content.index(indices.elements().get(i), data.shape().get(axis));
            position[axis] = index.orElse(-1);
            if (!Content.contains(data.shape(), position)) {
                return Optional.empty();
            }
            elements.set(
                    Content.offset(data.shape(), position), updates.elements().get(i));
        }
        return Optional.of(new Content(data.shape(), elements));
    }

    private static Optional<Content> scatteredNd(Content data, Content indices, Content updates) {
        int depth = indices.rank() == 0
                ? 0
                : indices.shape().get(indices.rank() - 1).intValue();
        if (depth == 0 || depth > data.rank()) {
            return Optional.empty();
        }
        int places = indices.size() / depth;
        int block = Content.size(data.shape().subList(depth, data.rank()));
        if (updates.size() != places * block) {
            return Optional.empty();
        }
        List<Optional<Fraction>> elements = new ArrayList<>(data.elements());
        for (int place = 0; place < places; place++) {
            int offset = 0;
            for (int axis = 0; axis < depth; axis++) {
                long extent = data.shape().get(axis);
                Optional<Integer> index = Content.index(indices.elements().get(place * depth + axis), extent);
                if (index.isEmpty()) {
                    return Optional.empty();
                }
                offset = offset * (int) extent + index.get();
            }
            for (int i = 0; i < block; i++) {
                elements.set(offset * block + i, updates.elements().get(place * block + i));
            }
        }
        return Optional.of(new Content(data.shape(), elements));
    }
}
