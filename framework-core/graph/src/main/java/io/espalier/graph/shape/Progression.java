package io.espalier.graph.shape;

import io.espalier.graph.symbol.Dim;
import io.espalier.graph.symbol.Fraction;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * An integer tensor of any size whose elements count positions: what {@code Range} makes of extents, and what reshaping,
 * expanding and cutting make of that. Immutable.
 *
 * @param columns one for the whole tensor; or, where several were joined along the last axis as index tuples are, one for
 *     each position of that axis
 */
public record Progression(List<Column> columns) {

    public Progression {
        columns = List.copyOf(columns);
    }

    /**
     * Elements that are a start and a step for each position.
     *
     * @param start element at position 0 of every axis
     * @param steps for each axis, what one position further adds
     */
    public record Column(long start, List<Long> steps) {

        public Column {
            steps = List.copyOf(steps);
        }

        /** The only axis along which the elements change; empty when there are none or several. */
        public Optional<Integer> axis() {
            List<Integer> moving = IntStream.range(0, steps.size())
                    .filter(axis -> steps.get(axis) != 0)
                    .boxed()
                    .toList();
            return moving.size() == 1 ? Optional.of(moving.get(0)) : Optional.empty();
        }

        /** The elements, row-major, for a shape. */
        public long[] numbers(List<Long> shape) {
            long[] numbers = new long[Content.size(shape)];
            for (int i = 0; i < numbers.length; i++) {
                int[] position = Content.position(shape, i);
                numbers[i] = start;
                for (int axis = 0; axis < position.length; axis++) {
                    numbers[i] += steps.get(axis) * position[axis];
                }
            }
            return numbers;
        }

        /** Whether the elements are the positions of one axis, from 0 on. */
        public boolean counts() {
            return start == 0 && axis().filter(axis -> steps.get(axis) == 1).isPresent();
        }
    }

    /** Whether any element differs from its neighbours. */
    public boolean moves() {
        return columns.stream().anyMatch(column -> column.steps().stream().anyMatch(step -> step != 0));
    }

    /**
     * For each axis of the data that index tuples name completely, position after position, the axis of the indices that
     * counts it and nothing else.
     */
    public Map<Integer, Integer> wholeAxes(List<Dim> data, List<Dim> indices) {
        Map<Integer, Integer> whole = new LinkedHashMap<>();
        for (int axis = 0;
                axis < columns.size() && indices.get(indices.size() - 1).is(columns.size());
                axis++) {
            Column column = columns.get(axis);
            Dim extent = data.get(axis);
            int named = axis;
            column.axis()
                    .filter(place -> column.counts() && indices.get(place).equals(extent))
                    .filter(place -> columns.stream()
                                    .filter(other -> other.steps().get(place) != 0)
                                    .count()
                            == 1)
                    .ifPresent(place -> whole.put(named, place));
        }
        return whole;
    }

    public static Progression of(long start, Long... steps) {
        return new Progression(List.of(new Column(start, List.of(steps))));
    }

    /** How the elements of a constant progress; empty when they do not. */
    public static Optional<Progression> of(Tensor constant) {
        if (constant.type().isFloating() || constant.size() == 0) {
            return Optional.empty();
        }
        long[] numbers = Tensors.toLongs(constant);
        List<Long> steps = new ArrayList<>();
        int stride = numbers.length;
        for (long extent : constant.shape()) {
            stride /= Math.toIntExact(extent);
            steps.add(extent == 1 ? 0 : numbers[stride] - numbers[0]);
        }
        Column column = new Column(numbers[0], steps);
        return Arrays.equals(numbers, column.numbers(constant.shape()))
                ? Optional.of(new Progression(List.of(column)))
                : Optional.empty();
    }

    /** How the elements of a constant progress when the last axis holds index tuples; empty when they do not. */
    public static Optional<Progression> tuplesOf(Tensor constant) {
        List<Long> shape = constant.shape();
        if (constant.type().isFloating() || constant.size() == 0 || shape.isEmpty()) {
            return Optional.empty();
        }
        long[] numbers = Tensors.toLongs(constant);
        int depth = Math.toIntExact(shape.get(shape.size() - 1));
        List<Column> columns = new ArrayList<>();
        for (int place = 0; place < depth; place++) {
            int stride = numbers.length;
            List<Long> steps = new ArrayList<>();
            for (long extent : shape.subList(0, shape.size() - 1)) {
                stride /= Math.toIntExact(extent);
                steps.add(extent == 1 ? 0 : numbers[stride + place] - numbers[place]);
            }
            steps.add(0L);
            columns.add(new Column(numbers[place], steps));
        }
        Progression found = new Progression(columns);
        return Arrays.equals(numbers, found.numbers(shape)) ? Optional.of(found) : Optional.empty();
    }

    /** The index tuples, row-major, for a shape whose last axis holds them. */
    public long[] numbers(List<Long> shape) {
        List<Long> places = new ArrayList<>(shape.subList(0, shape.size() - 1));
        places.add(1L);
        long[] numbers = new long[Content.size(shape)];
        for (int place = 0; place < columns.size(); place++) {
            long[] column = columns.get(place).numbers(places);
            for (int i = 0; i < column.length; i++) {
                numbers[i * columns.size() + place] = column[i];
            }
        }
        return numbers;
    }

    /** The only column; empty where index tuples were joined. */
    public Optional<Column> single() {
        return columns.size() == 1 ? Optional.of(columns.get(0)) : Optional.empty();
    }

    /** The same elements where extents of 1 came or went; empty for any other change of shape. */
    public Optional<Progression> regrouped(List<Dim> before, List<Dim> after) {
        List<Dim> extents = before.stream().filter(extent -> !extent.is(1)).toList();
        if (!extents.equals(after.stream().filter(extent -> !extent.is(1)).toList())) {
            return Optional.empty();
        }
        return single().map(column -> {
            List<Long> left = IntStream.range(0, before.size())
                    .filter(axis -> !before.get(axis).is(1))
                    .mapToObj(column.steps()::get)
                    .toList();
            List<Long> steps = new ArrayList<>();
            int next = 0;
            for (Dim extent : after) {
                steps.add(extent.is(1) ? 0L : left.get(next++));
            }
            return new Progression(List.of(new Column(column.start(), steps)));
        });
    }

    /** The same elements repeated along axes that grow from an extent of 1, and along new outer axes. */
    public Optional<Progression> expanded(List<Dim> before, List<Dim> after) {
        int skipped = after.size() - before.size();
        return single().map(column -> {
            List<Long> steps = new ArrayList<>();
            for (int axis = 0; axis < after.size(); axis++) {
                boolean grows = axis < skipped || before.get(axis - skipped).is(1);
                steps.add(grows ? 0L : column.steps().get(axis - skipped));
            }
            return new Progression(List.of(new Column(column.start(), steps)));
        });
    }

    /** The sum of two of the same shape. */
    public Optional<Progression> plus(Progression other) {
        return single().flatMap(left -> other.single().map(right -> {
            List<Long> steps = IntStream.range(0, left.steps().size())
                    .mapToObj(axis -> left.steps().get(axis) + right.steps().get(axis))
                    .toList();
            return new Progression(List.of(new Column(left.start() + right.start(), steps)));
        }));
    }

    /** The product with a number. */
    public Progression times(long factor) {
        return new Progression(columns.stream()
                .map(column -> new Column(
                        column.start() * factor,
                        column.steps().stream().map(step -> step * factor).toList()))
                .toList());
    }

    public Optional<Progression> transposed(List<Integer> order) {
        return single().map(column -> new Column(
                        column.start(), order.stream().map(column.steps()::get).toList()))
                .map(column -> new Progression(List.of(column)));
    }

    /** What a cut leaves, given its first position and its stride on every axis. */
    public Optional<Progression> cut(List<Long> firsts, List<Long> strides) {
        return single().map(column -> {
            long start = column.start();
            List<Long> steps = new ArrayList<>();
            for (int axis = 0; axis < firsts.size(); axis++) {
                start += column.steps().get(axis) * firsts.get(axis);
                steps.add(column.steps().get(axis) * strides.get(axis));
            }
            return new Progression(List.of(new Column(start, steps)));
        });
    }

    /** Index tuples made of columns that lie side by side along the last axis, where each has an extent of 1. */
    public static Optional<Progression> tuples(List<Optional<Progression>> parts) {
        List<Column> columns = new ArrayList<>();
        for (Optional<Progression> part : parts) {
            Optional<Column> column = part.flatMap(Progression::single);
            if (column.isEmpty()) {
                return Optional.empty();
            }
            columns.add(column.get());
        }
        return Optional.of(new Progression(columns));
    }

    /** A small tensor all elements of which are one number. */
    public static Optional<Progression> constant(Content content) {
        List<Optional<Fraction>> distinct =
                content.elements().stream().distinct().toList();
        return distinct.size() == 1
                ? distinct.get(0)
                        .filter(element -> element.isInteger() && element.isConstant())
                        .map(element -> new Progression(List.of(new Column(
                                element.numerator().constant(),
                                content.shape().stream().map(extent -> 0L).toList()))))
                : Optional.empty();
    }
}
