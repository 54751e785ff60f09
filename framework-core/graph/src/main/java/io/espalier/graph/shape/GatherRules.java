package io.espalier.graph.shape;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Operators that pick elements by index. */
final class GatherRules {

    private GatherRules() {}

    static void register(RuleTable table) {
        table.add(1, SliceRule::infer, "Slice");
        table.add(2, GatherRules::gather, "Gather");
        table.add(2, GatherRules::gatherElements, "GatherElements");
        table.add(2, GatherRules::gatherNd, "GatherND");
        table.add(2, GatherRules::compress, "Compress");
        table.add(1, ElementwiseRules::sameShape, "ReverseSequence");
    }

    private static void gather(NodeScope scope) {
        List<Dim> data = scope.shape(0);
        List<Dim> indices = scope.shape(1);
        int axis = scope.axis(0, data.size());
        List<Dim> output = new ArrayList<>(data.subList(0, axis));
        output.addAll(indices);
        output.addAll(data.subList(axis + 1, data.size()));
        Optional<Content> content =
                bothContents(scope, output).map(both -> gathered(both.get(0), both.get(1), numbers(output), axis));
        scope.put(0, scope.type(0), output, content);
    }

    private static Content gathered(Content data, Content indices, List<Long> shape, int axis) {
        return picked(data, shape, target -> {
            int[] place = Arrays.copyOfRange(target, axis, axis + indices.rank());
            int[] source = new int[data.rank()];
            System.arraycopy(target, 0, source, 0, axis);
            System.arraycopy(target, axis + indices.rank(), source, axis + 1, data.rank() - axis - 1);
            return index(indices.at(place), data.shape().get(axis)).map(index -> {
                source[axis] = index;
                return source;
            });
        });
    }

    private static void gatherElements(NodeScope scope) {
        List<Dim> data = scope.shape(0);
        List<Dim> indices = scope.shape(1, data.size());
        int axis = scope.axis(0, data.size());
        Optional<Content> content = bothContents(scope, indices)
                .map(both -> picked(
                        both.get(0),
                        both.get(1).shape(),
                        target -> index(
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
                Optional<Integer> index = index(indices.at(place), data.shape().get(batch + i));
                if (index.isEmpty()) {
                    return Optional.empty();
                }
                source[batch + i] = index.get();
            }
            return Optional.of(source);
        });
    }

    private static void compress(NodeScope scope) {
        List<Dim> input = scope.shape(0);
        boolean flat = !scope.node().attributes().containsKey("axis");
        List<Dim> output = flat ? new ArrayList<>(List.of(Dim.ONE)) : new ArrayList<>(input);
        int axis = flat ? 0 : scope.axis(0, input.size());
        Optional<List<Long>> condition = scope.longs(1);
        output.set(
                axis,
                condition
                        .map(all ->
                                Dim.of(all.stream().filter(kept -> kept != 0).count()))
                        .orElseGet(() -> scope.fresh(0, axis)));
        scope.put(0, output);
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

    /** A constant index, counted from the end when negative; empty when unknown or outside. */
    static Optional<Integer> index(Optional<Fraction> element, long extent) {
        return element.filter(Fraction::isInteger)
                .filter(Fraction::isConstant)
                .map(fraction -> fraction.numerator().constant())
                .map(index -> index < 0 ? index + extent : index)
                .filter(index -> index >= 0 && index < extent)
                .map(Long::intValue);
    }
}
