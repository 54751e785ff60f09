package io.espalier.engine.shape;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Operators that pick or replace elements by index. */
final class IndexingRules {

    private IndexingRules() {}

    static void register(RuleTable table) {
        table.add(1, SliceRule::infer, "Slice");
        table.add(2, IndexingRules::gather, "Gather");
        table.add(2, IndexingRules::gatherElements, "GatherElements");
        table.add(2, IndexingRules::gatherNd, "GatherND");
        table.add(1, IndexingRules::scatterElements, "ScatterElements", "Scatter");
        table.add(1, IndexingRules::scatterNd, "ScatterND");
        table.add(1, ElementwiseRules::sameShape, "TensorScatter");
        table.add(2, IndexingRules::compress, "Compress");
        table.add(1, ElementwiseRules::sameShape, "ReverseSequence");
    }

    private static void gather(NodeScope scope) {
        List<Dim> data = scope.shape(0);
        List<Dim> indices = scope.shape(1);
        int axis = scope.axis(0, data.size());
        List<Dim> output = new ArrayList<>(data.subList(0, axis));
        output.addAll(indices);
        output.addAll(data.subList(axis + 1, data.size()));
        scope.put(0, scope.type(0), output, gathered(scope, output, axis));
    }

    private static Optional<Content> gathered(NodeScope scope, List<Dim> output, int axis) {
        Optional<List<Long>> shape = Content.smallShape(output);
        if (shape.isEmpty() || !scope.value(0).mayHaveContent()) {
            return Optional.empty();
        }
        Optional<Content> data = scope.content(0);
        Optional<Content> indices = scope.content(1);
        if (data.isEmpty() || indices.isEmpty() || data.get().shape().get(axis) == 0) {
            return Optional.empty();
        }
        return Optional.of(gathered(data.get(), indices.get(), shape.get(), axis));
    }

    private static Content gathered(Content data, Content indices, List<Long> shape, int axis) {
        long extent = data.shape().get(axis);
        List<Optional<Fraction>> elements = new ArrayList<>();
        for (int i = 0; i < Content.size(shape); i++) {
            int[] target = Content.position(shape, i);
            int[] inner = Arrays.copyOfRange(target, axis, axis + indices.rank());
            int[] source = new int[data.rank()];
            System.arraycopy(target, 0, source, 0, axis);
            int rest = data.rank() - axis - 1;
            System.arraycopy(target, axis + indices.rank(), source, axis + 1, rest);
            Optional<Long> index = index(indices.elements().get(Content.offset(indices.shape(), inner)), extent);
            elements.add(index.flatMap(position -> {
                source[axis] = position.intValue();
                return data.elements().get(Content.offset(data.shape(), source));
            }));
        }
        return new Content(shape, elements);
    }

    /** A constant index, counted from the end when negative; empty when unknown or outside. */
    private static Optional<Long> index(Optional<Fraction> element, long extent) {
        return element.filter(Fraction::isInteger)
                .filter(Fraction::isConstant)
                .map(fraction -> fraction.numerator().constant())
                .map(index -> index < 0 ? index + extent : index)
                .filter(index -> index >= 0 && index < extent);
    }

    private static void gatherElements(NodeScope scope) {
        List<Dim> data = scope.shape(0);
        List<Dim> indices = scope.shape(1, data.size());
        int axis = scope.axis(0, data.size());
        Optional<Content> content = Optional.empty();
        if (scope.value(0).mayHaveContent() && Content.smallShape(indices).isPresent()) {
            content = scope.content(0)
                    .flatMap(found -> scope.content(1).map(picks -> {
                        List<Optional<Fraction>> elements = new ArrayList<>();
                        for (int i = 0; i < picks.size(); i++) {
                            int[] position = Content.position(picks.shape(), i);
                            elements.add(index(
                                            picks.elements().get(i),
                                            found.shape().get(axis))
                                    .flatMap(index -> {
                                        position[axis] = index.intValue();
                                        return found.elements().get(Content.offset(found.shape(), position));
                                    }));
                        }
                        return new Content(picks.shape(), elements);
                    }));
        }
        scope.put(0, scope.type(0), indices, content);
    }

    private static void gatherNd(NodeScope scope) {
        List<Dim> data = scope.shape(0);
        List<Dim> indices = scope.shape(1);
        int batch = (int) scope.node().intAttribute("batch_dims", 0);
        if (indices.isEmpty() || !indices.get(indices.size() - 1).isConstant()) {
            return;
        }
        int depth = (int) indices.get(indices.size() - 1).constant();
        if (batch < 0 || batch >= indices.size() || batch + depth > data.size()) {
            throw scope.conflict("indices of shape " + indices + " are too deep for the shape " + data);
        }
        List<Dim> output = new ArrayList<>(indices.subList(0, indices.size() - 1));
        output.addAll(data.subList(batch + depth, data.size()));
        scope.put(0, output);
    }

    private static void scatterElements(NodeScope scope) {
        List<Dim> data = scope.shape(0);
        int axis = data.isEmpty() ? 0 : scope.axis(0, data.size());
        Optional<Content> content = Optional.empty();
        if (scatters(scope)) {
            List<Optional<Fraction>> elements =
                    new ArrayList<>(scope.content(0).orElseThrow().elements());
            List<Long> shape = scope.content(0).orElseThrow().shape();
            Content indices = scope.content(1).orElseThrow();
            Content updates = scope.content(2).orElseThrow();
            boolean complete = indices.shape().equals(updates.shape()) && indices.rank() == shape.size();
            for (int i = 0; complete && i < indices.size(); i++) {
                int[] position = Content.position(indices.shape(), i);
                Optional<Long> index = index(indices.elements().get(i), shape.get(axis));
                complete = index.isPresent();
                position[axis] = index.orElse(0L).intValue();
                elements.set(Content.offset(shape, position), updates.elements().get(i));
            }
            content = complete ? Optional.of(new Content(shape, elements)) : Optional.empty();
        }
        scope.put(0, scope.type(0), data, content);
    }

    private static void scatterNd(NodeScope scope) {
        Optional<Content> content = scatters(scope)
                ? scattered(
                        scope.content(0).orElseThrow(),
                        scope.content(1).orElseThrow(),
                        scope.content(2).orElseThrow())
                : Optional.empty();
        scope.put(0, scope.type(0), scope.shape(0), content);
    }

    private static boolean scatters(NodeScope scope) {
        boolean plain = scope.node().textAttribute("reduction", "none").equals("none");
        for (int slot = 0; plain && slot < 3; slot++) {
            plain = scope.value(slot).mayHaveContent();
        }
        return plain
                && scope.content(0).isPresent()
                && scope.content(1).isPresent()
                && scope.content(2).isPresent();
    }

    private static Optional<Content> scattered(Content data, Content indices, Content updates) {
        if (indices.rank() == 0) {
            return Optional.empty();
        }
        int depth = indices.shape().get(indices.rank() - 1).intValue();
        int places = depth == 0 ? 0 : indices.size() / depth;
        if (depth > data.rank() || places == 0) {
            return Optional.empty();
        }
        int block = Content.size(data.shape().subList(depth, data.rank()));
        if (updates.size() != places * block) {
            return Optional.empty();
        }
        List<Optional<Fraction>> elements = new ArrayList<>(data.elements());
        for (int place = 0; place < places; place++) {
            int offset = 0;
            for (int axis = 0; axis < depth; axis++) {
                long extent = data.shape().get(axis);
                Optional<Long> index = index(indices.elements().get(place * depth + axis), extent);
                if (index.isEmpty()) {
                    return Optional.empty();
                }
                offset = offset * (int) extent + index.get().intValue();
            }
            for (int i = 0; i < block; i++) {
                elements.set(offset * block + i, updates.elements().get(place * block + i));
            }
        }
        return Optional.of(new Content(data.shape(), elements));
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
}
