package io.espalier.graph.shape;

import io.espalier.graph.symbol.Dim;
import io.espalier.graph.symbol.Fraction;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;

/**
 * What is known of the elements of a small tensor, integers and reals alike.
 *
 * @param shape extents, outermost first
 * @param elements row-major; empty where an element depends on data
 */
public record Content(List<Long> shape, List<Optional<Fraction>> elements) {

    /** Larger tensors are data, not shape arithmetic. */
    public static final long LARGEST = 1024;

    public Content {
        shape = List.copyOf(shape);
        elements = List.copyOf(elements);
    }

    /** The elements of a constant, or empty when it is too large to be shape arithmetic. */
    public static Optional<Content> of(Tensor tensor) {
        if (tensor.size() > LARGEST) {
            return Optional.empty();
        }
        List<Optional<Fraction>> elements = new ArrayList<>();
        if (tensor.type().isFloating()) {
            boolean single = tensor.type() != DataType.FLOAT64;
            Tensors.forEach(tensor, (index, value) -> elements.add(Fraction.of(value, single)));
        } else {
            for (long value : Tensors.toLongs(tensor)) {
                elements.add(Optional.of(Fraction.of(value)));
            }
        }
        return Optional.of(new Content(tensor.shape(), elements));
    }

    public static Content scalar(Fraction value) {
        return new Content(List.of(), List.of(Optional.of(value)));
    }

    public static Content vector(List<Dim> values) {
        return new Content(
                List.of((long) values.size()),
                values.stream().map(Fraction::of).map(Optional::of).toList());
    }

    public static Content filled(List<Long> shape, Optional<Fraction> value) {
        return new Content(shape, Collections.nCopies(size(shape), value));
    }

    /** The extents when all are numbers and there are few enough elements to follow. */
    public static Optional<List<Long>> smallShape(List<Dim> shape) {
        long size = 1;
        for (Dim extent : shape) {
            if (!extent.isConstant() || extent.constant() < 0 || extent.constant() > LARGEST) {
                return Optional.empty();
            }
            size *= extent.constant();
            if (size > LARGEST) {
                return Optional.empty();
            }
        }
        return Optional.of(shape.stream().map(Dim::constant).toList());
    }

    public int size() {
        return elements.size();
    }

    public int rank() {
        return shape.size();
    }

    /** All elements when every one is a known integer. */
    public Optional<List<Dim>> integers() {
        boolean known = elements.stream()
                .allMatch(element -> element.filter(Fraction::isInteger).isPresent());
        return known
                ? Optional.of(elements.stream()
                        .map(element -> element.orElseThrow().numerator())
                        .toList())
                : Optional.empty();
    }

    /** All elements when every one is a number. */
    public Optional<List<Double>> numbers() {
        boolean known = elements.stream()
                .allMatch(element -> element.filter(Fraction::isConstant).isPresent());
        return known
                ? Optional.of(elements.stream()
                        .map(element -> element.orElseThrow().toDouble())
                        .toList())
                : Optional.empty();
    }

    public IntTensor toIntegers() {
        return new IntTensor(
                shape,
                elements.stream()
                        .map(element -> element.filter(Fraction::isInteger).map(Fraction::numerator))
                        .toList());
    }

    /** The element at a position; empty when it is unknown or there is no such position. */
    public Optional<Fraction> at(int[] position) {
        return contains(shape, position) ? elements.get(offset(shape, position)) : Optional.empty();
    }

    /** The same elements in another shape of the same size. */
    public Content withShape(List<Long> changed) {
        return new Content(changed, elements);
    }

    public Content map(Function<Fraction, Optional<Fraction>> function) {
        return new Content(
                shape,
                elements.stream().map(element -> element.flatMap(function)).toList());
    }

    /** Elements picked from this one: the function turns an index of the result into an index of this. */
    public Content pick(List<Long> result, IntUnaryOperator source) {
        int size = size(result);
        List<Optional<Fraction>> picked = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            picked.add(elements.get(source.applyAsInt(i)));
        }
        return new Content(result, picked);
    }

    /** This one repeated along axes of extent 1 until it has the shape, as numpy does. */
    public Content broadcast(List<Long> result) {
        if (result.equals(shape)) {
            return this;
        }
        int skipped = result.size() - rank();
        return pick(result, index -> {
            int source = 0;
            int rest = index;
            int step = 1;
            for (int axis = rank() - 1; axis >= 0; axis--) {
                int extent = Math.toIntExact(result.get(skipped + axis));
                source += shape.get(axis) == 1 ? 0 : rest % extent * step;
                rest /= extent;
                step *= Math.toIntExact(shape.get(axis));
            }
            return source;
        });
    }

    /** Combines two contents that already have the same shape. */
    public Content zip(Content other, BinaryOperator<Optional<Fraction>> function) {
        List<Optional<Fraction>> combined = new ArrayList<>(size());
        for (int i = 0; i < size(); i++) {
            combined.add(function.apply(elements.get(i), other.elements.get(i)));
        }
        return new Content(shape, combined);
    }

    /** Index of an element in row-major order. */
    public static int offset(List<Long> shape, int[] position) {
        int offset = 0;
        for (int axis = 0; axis < position.length; axis++) {
            offset = offset * Math.toIntExact(shape.get(axis)) + position[axis];
        }
        return offset;
    }

    /** Position on every axis of an element in row-major order. */
    public static int[] position(List<Long> shape, int offset) {
        int[] position = new int[shape.size()];
        int rest = offset;
        for (int axis = shape.size() - 1; axis >= 0; axis--) {
            int extent = Math.toIntExact(shape.get(axis));
            position[axis] = rest % extent;
            rest /= extent;
        }
        return position;
    }

    /** Whether a position exists in a shape of the same rank. */
    public static boolean contains(List<Long> shape, int[] position) {
        for (int axis = 0; axis < position.length; axis++) {
            if (position[axis] < 0 || position[axis] >= shape.get(axis)) {
                return false;
            }
        }
        return true;
    }

    public static int size(List<Long> shape) {
        return Math.toIntExact(shape.stream().reduce(1L, Math::multiplyExact));
    }

    /** A constant index, counted from the end when negative; empty when unknown or outside. */
    public static Optional<Integer> index(Optional<Fraction> element, long extent) {
        return element.filter(Fraction::isInteger)
                .filter(Fraction::isConstant)
                .map(fraction -> fraction.numerator().constant())
                .map(index -> index < 0 ? index + extent : index)
                .filter(index -> index >= 0 && index < extent)
                .map(Long::intValue);
    }
}
