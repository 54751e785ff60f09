package io.espalier.graph.operator;

import io.espalier.graph.shape.Content;
import io.espalier.graph.shape.NodeScope;
import io.espalier.graph.symbol.Dim;
import io.espalier.graph.symbol.Fraction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code Slice} with negative, stepped, clamped and symbolic ranges. */
final class SliceShape {

    /** Exporters write "to the end" as a number at least this large. */
    private static final long FAR = Integer.MAX_VALUE;

    /** A range on one axis: first position, step and number of positions. */
    private record Range(Dim first, long step, Dim length) {}

    private SliceShape() {}

    static void infer(NodeScope scope) {
        List<Dim> input = scope.shape(0);
        Optional<Content> starts = scope.content(1);
        Optional<Content> ends = scope.content(2);
        int count = starts.or(() -> ends).map(Content::size).orElse(-1);
        Optional<List<Long>> axes = axes(scope, input.size(), count);
        if (axes.isEmpty()) {
            scope.put(0, scope.freshShape(0, input.size()));
            return;
        }
        List<Integer> positions = scope.positions(axes.get(), input.size());
        Optional<List<Long>> steps = scope.has(4)
                ? scope.longs(4)
                : Optional.of(positions.stream().map(axis -> 1L).toList());
        if (steps.isPresent() && steps.get().size() != positions.size()) {
            throw scope.conflict("there are " + steps.get().size() + " steps for " + positions.size() + " axes");
        }
        List<Optional<Range>> ranges = new ArrayList<>();
        input.forEach(extent -> ranges.add(Optional.of(new Range(Dim.ZERO, 1, extent))));
        for (int i = 0; i < positions.size(); i++) {
            int axis = positions.get(i);
            Optional<Dim> start = element(scope, starts, i);
            Optional<Dim> end = element(scope, ends, i);
            int position = i;
            Optional<Long> step = steps.map(all -> all.get(position)).filter(value -> value != 0);
            boolean known = start.isPresent() && end.isPresent() && step.isPresent();
            ranges.set(
                    axis,
                    known ? Optional.of(range(input.get(axis), start.get(), end.get(), step.get())) : Optional.empty());
        }
        put(scope, ranges);
    }

    /** Axes the node slices: named, or the first ones; empty when only running the graph tells. */
    private static Optional<List<Long>> axes(NodeScope scope, int rank, int count) {
        if (scope.has(3)) {
            return scope.longs(3);
        }
        int sliced = count >= 0
                ? count
                : scope.knownShape(1)
                        .filter(shape -> shape.size() == 1 && shape.get(0).isConstant())
                        .map(shape -> (int) shape.get(0).constant())
                        .orElse(rank);
        List<Long> first = new ArrayList<>();
        for (long axis = 0; axis < sliced; axis++) {
            first.add(axis);
        }
        return Optional.of(first);
    }

    private static Optional<Dim> element(NodeScope scope, Optional<Content> content, int index) {
        if (content.isPresent() && index >= content.get().size()) {
            throw scope.conflict("there are fewer starts or ends than axes");
        }
        return content.flatMap(found -> found.elements().get(index))
                .filter(Fraction::isInteger)
                .map(Fraction::numerator);
    }

    private static Range range(Dim extent, Dim start, Dim end, long step) {
        if (step < 0) {
            Dim first = clamped(extent, start, Dim.ZERO, extent.plus(-1));
            Dim last = clamped(extent, end, Dim.of(-1), extent.plus(-1));
            return new Range(first, step, length(first.minus(last), Dim.of(step).negate()));
        }
        Dim first = clamped(extent, start, Dim.ZERO, extent);
        if (!start.isConstant()) {
            // A computed start lies inside the axis; clamping it would only hide that past+n minus past is n.
            first = fromFront(extent, start);
            Dim within = fromFront(extent, end).minus(first).min(extent.minus(first));
            return new Range(first, step, length(far(end) ? extent.minus(first) : within, Dim.of(step)));
        }
        Dim last = clamped(extent, end, Dim.ZERO, extent);
        return new Range(first, step, length(last.minus(first), Dim.of(step)));
    }

    private static Dim length(Dim distance, Dim step) {
        return distance.max(Dim.ZERO).ceilDiv(step);
    }

    private static boolean far(Dim position) {
        return position.isConstant() && position.constant() >= FAR;
    }

    private static Dim clamped(Dim extent, Dim position, Dim lowest, Dim highest) {
        if (far(position)) {
            return highest;
        }
        if (position.isConstant() && position.constant() <= -FAR) {
            return lowest;
        }
        return fromFront(extent, position).min(highest).max(lowest);
    }

    /** Counts negative positions from the front; a symbolic position whose sign is open is an extent, not negative. */
    private static Dim fromFront(Dim extent, Dim position) {
        return position.bounds().upper() < 0 ? extent.plus(position) : position;
    }

    private static void put(NodeScope scope, List<Optional<Range>> ranges) {
        List<Dim> output = new ArrayList<>();
        for (int axis = 0; axis < ranges.size(); axis++) {
            int position = axis;
            output.add(ranges.get(axis).map(Range::length).orElseGet(() -> scope.fresh(0, position)));
        }
        boolean followed = scope.value(0).mayHaveContent() && ranges.stream().allMatch(SliceShape::startsAtNumber);
        Optional<List<Long>> shape = followed ? Content.smallShape(output) : Optional.empty();
        Optional<Content> content = shape.flatMap(small -> scope.content(0).map(found -> sliced(found, small, ranges)));
        scope.put(0, scope.type(0), output, content);
        if (scope.progression(0).isPresent() && ranges.stream().allMatch(SliceShape::startsAtNumber)) {
            List<Range> known = ranges.stream().map(Optional::orElseThrow).toList();
            List<Long> firsts =
                    known.stream().map(range -> range.first().constant()).toList();
            List<Long> steps = known.stream().map(Range::step).toList();
            scope.count(scope.progression(0).flatMap(counted -> counted.cut(firsts, steps)));
        }
    }

    private static boolean startsAtNumber(Optional<Range> range) {
        return range.filter(found -> found.first().isConstant()).isPresent();
    }

    private static Content sliced(Content content, List<Long> shape, List<Optional<Range>> ranges) {
        return content.pick(shape, index -> {
            int[] position = Content.position(shape, index);
            for (int axis = 0; axis < position.length; axis++) {
                Range range = ranges.get(axis).orElseThrow();
                position[axis] = (int) (range.first().constant() + position[axis] * range.step());
            }
            return Content.offset(content.shape(), position);
        });
    }
}
