package io.espalier.graph.operator;

import static io.espalier.graph.operator.OperatorDefinition.define;
import static io.espalier.spi.operator.SlotRole.AXES;
import static io.espalier.spi.operator.SlotRole.DATA;
import static io.espalier.spi.operator.SlotRole.POSITIONS;
import static io.espalier.spi.operator.SlotRole.SETTING;
import static io.espalier.spi.operator.SlotRole.SHAPE;

import io.espalier.graph.operator.OperatorDefinition.Builder;
import io.espalier.graph.shape.Content;
import io.espalier.graph.shape.NodeScope;
import io.espalier.graph.shape.Progression;
import io.espalier.graph.shape.ShapeRule;
import io.espalier.graph.symbol.Dim;
import io.espalier.graph.symbol.Fraction;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Operators that join, divide, pad and repeat. */
public final class Joining {

    private Joining() {}

    static List<Builder> definitions() {
        return List.of(
                define("Concat")
                        .shape(ShapeRule.ALL, Joining::concat)
                        .moves(Movement.CONCAT)
                        .gradient(ReshapingGradients::concatenate),
                define("Split")
                        .shape(1, Joining::split)
                        .roles(DATA, SHAPE)
                        .moves(Movement.SPLIT)
                        .gradient(ReshapingGradients::split),
                define("Pad")
                        .shape(1, Joining::pad)
                        .roles(DATA, POSITIONS, SETTING, AXES)
                        .moves(Movement.PAD)
                        .gradient(ReshapingGradients::pad),
                define("Tile")
                        .shape(1, Joining::tile)
                        .roles(DATA, SHAPE)
                        .moves(Movement.TILE)
                        .gradient(ReshapingGradients::tile),
                define("Expand")
                        .shape(1, Joining::expand)
                        .roles(DATA, SHAPE)
                        .moves(Movement.EXPAND)
                        .gradient(ReshapingGradients::expand));
    }

    private static void concat(NodeScope scope) {
        List<Dim> output = new ArrayList<>(scope.shape(0));
        int axis = scope.axis(0, output.size());
        int count = scope.node().inputs().size();
        for (int slot = 1; slot < count; slot++) {
            List<Dim> next = scope.shape(slot, output.size());
            for (int i = 0; i < output.size(); i++) {
                Dim extent = i == axis
                        ? output.get(i).plus(next.get(i))
                        : Broadcast.same(scope, output.get(i), next.get(i), "the extents of axis " + i);
                output.set(i, extent);
            }
        }
        scope.put(0, scope.type(0), output, joined(scope, output, axis));
        if (axis == output.size() - 1 && output.get(axis).is(count)) {
            scope.count(tuples(scope, count, axis));
        }
    }

    private static Optional<Progression> tuples(NodeScope scope, int count, int axis) {
        List<Optional<Progression>> parts = new ArrayList<>();
        for (int slot = 0; slot < count && scope.shape(slot).get(axis).is(1); slot++) {
            parts.add(counted(scope, slot));
        }
        boolean counts = parts.size() == count
                && IntStream.range(0, count)
                        .anyMatch(slot -> scope.progression(slot).isPresent());
        return counts ? Progression.tuples(parts) : Optional.empty();
    }

    /** What an input counts; a number repeated counts nothing but belongs to index tuples. */
    private static Optional<Progression> counted(NodeScope scope, int slot) {
        return scope.progression(slot).or(() -> scope.content(slot).flatMap(Progression::constant));
    }

    private static Optional<Content> joined(NodeScope scope, List<Dim> output, int axis) {
        Optional<List<Long>> shape = Content.smallShape(output);
        if (shape.isEmpty()) {
            return Optional.empty();
        }
        List<Optional<Fraction>> elements =
                new ArrayList<>(Collections.nCopies(Content.size(shape.get()), Optional.empty()));
        int start = 0;
        boolean anything = false;
        for (int slot = 0; slot < scope.node().inputs().size(); slot++) {
            Optional<Content> part = scope.content(slot);
            if (part.isPresent()) {
                anything = true;
                for (int i = 0; i < part.get().size(); i++) {
                    int[] position = Content.position(part.get().shape(), i);
                    position[axis] += start;
                    elements.set(
                            Content.offset(shape.get(), position),
                            part.get().elements().get(i));
                }
            }
            Dim extent = scope.shape(slot).get(axis);
            start += extent.isConstant() ? (int) extent.constant() : 0;
        }
        return anything ? Optional.of(new Content(shape.get(), elements)) : Optional.empty();
    }

    private static void split(NodeScope scope) {
        List<Dim> input = scope.shape(0);
        int axis = scope.axis(0, input.size());
        int count = scope.node().outputs().size();
        Optional<List<Dim>> sizes = sizes(scope, input.get(axis), count);
        Dim start = Dim.ZERO;
        for (int slot = 0; slot < count; slot++) {
            List<Dim> output = new ArrayList<>(input);
            int part = slot;
            Dim size = sizes.map(all -> all.get(part)).orElseGet(() -> scope.fresh(part, axis));
            output.set(axis, size);
            Optional<Content> content = Optional.empty();
            if (scope.value(0).mayHaveContent()
                    && start.isConstant()
                    && Content.smallShape(output).isPresent()) {
                content = window(scope.content(0), Content.smallShape(output).get(), axis, start.constant());
            }
            scope.put(slot, scope.type(0), output, content);
            start = start.plus(size);
        }
    }

    private static Optional<List<Dim>> sizes(NodeScope scope, Dim extent, int count) {
        Optional<List<Long>> attribute = scope.node().intsAttribute("split");
        if (scope.has(1) || attribute.isPresent()) {
            Optional<List<Dim>> sizes = scope.has(1)
                    ? scope.integers(1)
                    : attribute.map(values -> values.stream().map(Dim::of).toList());
            if (sizes.isPresent() && sizes.get().size() != count) {
                throw scope.conflict("there are " + sizes.get().size() + " sizes for " + count + " outputs");
            }
            if (sizes.isPresent()
                    && sizes.get().stream().anyMatch(size -> size.bounds().upper() < 0)) {
                throw scope.conflict("the sizes " + sizes.get() + " are not all positive");
            }
            Optional<Dim> sum = sizes.flatMap(all -> all.stream().reduce(Dim::plus));
            if (sum.isPresent()
                    && sum.get().isConstant()
                    && extent.isConstant()
                    && !sum.get().equals(extent)) {
                throw scope.conflict("the sizes " + sizes.get() + " do not add up to " + extent);
            }
            return sizes;
        }
        Dim size = extent.ceilDiv(Dim.of(count));
        List<Dim> equal = new ArrayList<>(Collections.nCopies(count, size));
        equal.set(count - 1, extent.minus(size.times(count - 1L)));
        return Optional.of(equal);
    }

    private static Optional<Content> window(Optional<Content> content, List<Long> shape, int axis, long start) {
        return content.filter(found -> found.shape().get(axis) >= start + shape.get(axis))
                .map(found -> found.pick(shape, index -> {
                    int[] position = Content.position(shape, index);
                    position[axis] += (int) start;
                    return Content.offset(found.shape(), position);
                }));
    }

    private static void pad(NodeScope scope) {
        List<Dim> input = scope.shape(0);
        int rank = input.size();
        Optional<List<Long>> named = scope.has(3) ? scope.longs(3) : Optional.of(List.of());
        if (named.isEmpty()) {
            scope.put(0, scope.freshShape(0, rank));
            return;
        }
        List<Integer> axes = scope.positions(named.get(), rank);
        int padded = scope.has(3) ? axes.size() : rank;
        Optional<Content> pads = scope.has(1)
                ? scope.content(1)
                : scope.node()
                        .intsAttribute("pads")
                        .map(values ->
                                Content.vector(values.stream().map(Dim::of).toList()));
        if (pads.isPresent() && pads.get().size() != 2 * padded) {
            throw scope.conflict("there are " + pads.get().size() + " pads for " + padded + " axes");
        }
        List<Dim> output = new ArrayList<>(input);
        for (int i = 0; i < padded; i++) {
            int axis = scope.has(3) ? axes.get(i) : i;
            int position = i;
            Optional<Dim> before = pads.flatMap(all -> element(all, position));
            Optional<Dim> after = pads.flatMap(all -> element(all, position + padded));
            boolean known = before.isPresent() && after.isPresent();
            output.set(axis, known ? input.get(axis).plus(before.get()).plus(after.get()) : scope.fresh(0, axis));
        }
        scope.put(0, output);
    }

    private static Optional<Dim> element(Content content, int index) {
        return content.elements().get(index).filter(Fraction::isInteger).map(Fraction::numerator);
    }

    private static void tile(NodeScope scope) {
        List<Dim> input = scope.shape(0);
        Optional<Content> repeats = scope.content(1);
        if (repeats.isPresent() && repeats.get().size() != input.size()) {
            throw scope.conflict("there are " + repeats.get().size() + " repeats for " + input.size() + " axes");
        }
        List<Dim> output = new ArrayList<>();
        for (int axis = 0; axis < input.size(); axis++) {
            int position = axis;
            output.add(repeats.flatMap(all -> element(all, position))
                    .map(count -> input.get(position).times(count))
                    .orElseGet(() -> scope.fresh(0, position)));
        }
        Optional<List<Long>> shape = Content.smallShape(output);
        Optional<Content> content = shape.flatMap(small -> scope.content(0).map(found -> repeated(found, small)));
        scope.put(0, scope.type(0), output, content);
    }

    private static Content repeated(Content content, List<Long> shape) {
        return content.pick(shape, index -> {
            int[] position = Content.position(shape, index);
            for (int axis = 0; axis < position.length; axis++) {
                position[axis] %= Math.toIntExact(content.shape().get(axis));
            }
            return Content.offset(content.shape(), position);
        });
    }

    private static void expand(NodeScope scope) {
        List<Dim> input = scope.shape(0);
        Optional<Content> target = scope.content(1);
        if (target.isEmpty()) {
            List<Dim> length = scope.shape(1, 1);
            if (length.get(0).isConstant()) {
                scope.put(0, scope.freshShape(0, Math.max(input.size(), (int)
                        length.get(0).constant())));
            }
            return;
        }
        int rank = Math.max(input.size(), target.get().size());
        List<Dim> output = new ArrayList<>();
        for (int axis = 0; axis < rank; axis++) {
            int own = axis - (rank - input.size());
            int wanted = axis - (rank - target.get().size());
            Dim extent = own < 0 ? Dim.ONE : input.get(own);
            Optional<Dim> other = wanted < 0 ? Optional.of(Dim.ONE) : element(target.get(), wanted);
            output.add(other.isPresent() ? expanded(scope, extent, other.get()) : unknown(scope, axis, extent));
        }
        Optional<List<Long>> shape = Content.smallShape(output);
        Optional<Content> content = shape.flatMap(small -> scope.content(0).map(found -> found.broadcast(small)));
        scope.put(0, scope.type(0), output, content);
        scope.count(counted(scope, 0).flatMap(counted -> counted.expanded(input, output)));
    }

    private static Dim expanded(NodeScope scope, Dim extent, Dim wanted) {
        return Broadcast.extent(extent, wanted)
                .orElseThrow(() -> scope.conflict("the extent " + extent + " does not expand to " + wanted));
    }

    /** Only an extent of 1 can be expanded; any other one stays. */
    private static Dim unknown(NodeScope scope, int axis, Dim extent) {
        return extent.bounds().lower() > 1 ? extent : scope.fresh(0, axis);
    }
}
