package io.espalier.graph.operator;

import static io.espalier.graph.operator.NotationText.letters;
import static io.espalier.graph.operator.NotationText.marked;
import static io.espalier.graph.operator.NotationText.operand;
import static io.espalier.graph.operator.OperatorDefinition.define;
import static io.espalier.spi.operator.SlotRole.AXES;
import static io.espalier.spi.operator.SlotRole.DATA;
import static io.espalier.spi.operator.SlotRole.INDICES;
import static io.espalier.spi.operator.SlotRole.POSITIONS;
import static io.espalier.spi.operator.SlotRole.SHAPE;
import static io.espalier.spi.operator.SlotRole.TABLE;

import io.espalier.graph.operator.OperatorDefinition.Builder;
import io.espalier.graph.shape.Content;
import io.espalier.graph.shape.NodeScope;
import io.espalier.graph.symbol.Dim;
import io.espalier.graph.symbol.Fraction;
import io.espalier.spi.operator.Trait;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Operators that pick elements by position. */
public final class Gathering {

    private Gathering() {}

    static List<Builder> definitions() {
        return List.of(
                define(Nodes.SLICE)
                        .shape(1, SliceShape::infer)
                        .roles(DATA, POSITIONS, POSITIONS, AXES, POSITIONS)
                        .moves(Movement.SLICE)
                        .gradient(GatheringGradients::slice),
                define(Nodes.GATHER)
                        .shape(2, Gathering::gather)
                        .roles(TABLE, INDICES)
                        .indexes(1, 0)
                        .traits(Trait.LOOKS_UP)
                        .moves(Movement.GATHER)
                        .gradient(GatheringGradients::gather),
                define("GatherElements")
                        .notation(view -> IndexedNotation.elements(view, false))
                        .shape(2, Gathering::gatherElements)
                        .roles(TABLE, INDICES)
                        .indexes(1, 0)
                        .traits(Trait.LOOKS_UP)
                        .gradient(GatheringGradients::gatherElements),
                define("GatherND")
                        .notation(IndexedNotation::gatherBlocks)
                        .shape(2, Gathering::gatherNd)
                        .roles(TABLE, INDICES)
                        .traits(Trait.LOOKS_UP)
                        .moves(Movement.GATHER_POSITIONS)
                        .gradient(GatheringGradients::gatherBlocks),
                define("ReverseSequence")
                        .notation(Gathering::reverse)
                        .sameShape()
                        .roles(DATA, SHAPE)
                        .traits(Trait.ORDERED)
                        .gradient(ReshapingGradients::reverse));
    }

    private static Optional<String> reverse(NodeView view) {
        int rank = view.rank(0);
        if (rank < 2) {
            return Optional.empty();
        }
        List<String> axes = letters("a", rank);
        int batch = view.axis("batch_axis", 1, rank);
        int time = view.axis("time_axis", 0, rank);
        List<String> marked = marked(axes, batch, batch + 1, "#");
        return Optional.of(operand("x", marked(marked, time, time + 1, "#")) + " _ -> " + operand("y", axes));
    }

    private static void gather(NodeScope scope) {
        List<Dim> data = scope.shape(0);
        List<Dim> indices = scope.shape(1);
        int axis = scope.axis(0, data.size());
        requireWithin(scope, data.get(axis));
        List<Dim> output = new ArrayList<>(data.subList(0, axis));
        output.addAll(indices);
        output.addAll(data.subList(axis + 1, data.size()));
        Optional<Content> content =
                bothContents(scope, output).map(both -> gathered(both.get(0), both.get(1), numbers(output), axis));
        scope.put(0, scope.type(0), output, content);
    }

    /** Indices that are known name positions that exist. */
    private static void requireWithin(NodeScope scope, Dim extent) {
        List<Dim> known = scope.integers(1).orElse(List.of());
        if (!extent.isConstant()) {
            return;
        }
        for (Dim index : known) {
            if (index.isConstant()
                    && (index.constant() < -extent.constant() || index.constant() >= extent.constant())) {
                throw scope.conflict("it reads position " + index + " of an axis of extent " + extent);
            }
        }
    }

    private static Content gathered(Content data, Content indices, List<Long> shape, int axis) {
        return picked(data, shape, target -> {
            int[] place = Arrays.copyOfRange(target, axis, axis + indices.rank());
            int[] source = new int[data.rank()];
            System.arraycopy(target, 0, source, 0, axis);
            System.arraycopy(target, axis + indices.rank(), source, axis + 1, data.rank() - axis - 1);
            return Content.index(indices.at(place), data.shape().get(axis)).map(index -> {
                source[axis] = index;
                return source;
            });
        });
    }

    private static void gatherElements(NodeScope scope) {
        List<Dim> data = scope.shape(0);
        List<Dim> indices = scope.shape(1, data.size());
        int axis = scope.axis(0, data.size());
        requireWithin(scope, data.get(axis));
        Optional<Content> content = bothContents(scope, indices)
                .map(both -> picked(
                        both.get(0),
                        both.get(1).shape(),
                        target -> Content.index(
                                        both.get(1).at(target),
                                        both.get(0).shape().get(axis))
                                .map(index -> {
                                    int[] source = target.clone();
                                    source[axis] = index;
                                    return source;
                                })));
        scope.put(0, scope.type(0), indices, content);
    }

    private static void gatherNd(NodeScope scope) {
        List<Dim> data = scope.shape(0);
        List<Dim> indices = scope.shape(1);
        int batch = (int) scope.node().intAttribute("batch_dims", 0);
        if (indices.isEmpty() || !indices.get(indices.size() - 1).isConstant()) {
            return;
        }
        int places = indices.size() - 1;
        int depth = (int) indices.get(places).constant();
        if (batch < 0 || batch > places || depth < 0 || batch + depth > data.size()) {
            throw scope.conflict("indices of shape " + indices + " are too deep for the shape " + data);
        }
        List<Dim> output = new ArrayList<>(indices.subList(0, places));
        output.addAll(data.subList(batch + depth, data.size()));
        Optional<Content> content = bothContents(scope, output)
                .map(both -> gatheredNd(both.get(0), both.get(1), numbers(output), batch, depth));
        scope.put(0, scope.type(0), output, content);
    }

    private static Content gatheredNd(Content data, Content indices, List<Long> shape, int batch, int depth) {
        int places = indices.rank() - 1;
        return picked(data, shape, target -> {
            int[] place = Arrays.copyOf(target, indices.rank());
            int[] source = new int[data.rank()];
            System.arraycopy(target, 0, source, 0, batch);
            System.arraycopy(target, places, source, batch + depth, target.length - places);
            for (int i = 0; i < depth; i++) {
                place[places] = i;
                Optional<Integer> index =
                        Content.index(indices.at(place), data.shape().get(batch + i));
                if (index.isEmpty()) {
                    return Optional.empty();
                }
                source[batch + i] = index.get();
            }
            return Optional.of(source);
        });
    }

    /** Says where in the data an element of the result comes from; empty when nobody knows. */
    @FunctionalInterface
    private interface Source {
        Optional<int[]> of(int[] target);
    }

    private static Content picked(Content data, List<Long> shape, Source source) {
        int size = Content.size(shape);
        List<Optional<Fraction>> elements = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            elements.add(source.of(Content.position(shape, i)).flatMap(data::at));
        }
        return new Content(shape, elements);
    }

    /** Contents of data and indices, when both are known and the result is small. */
    private static Optional<List<Content>> bothContents(NodeScope scope, List<Dim> output) {
        if (Content.smallShape(output).isEmpty()
                || !scope.value(0).mayHaveContent()
                || !scope.value(1).mayHaveContent()) {
            return Optional.empty();
        }
        return scope.content(0).flatMap(data -> scope.content(1).map(indices -> List.of(data, indices)));
    }

    private static List<Long> numbers(List<Dim> shape) {
        return shape.stream().map(Dim::constant).toList();
    }
}
