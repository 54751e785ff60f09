package io.espalier.testkit.model;

import io.espalier.spi.graph.Dimension;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Extents of results, as far as a builder needs them. */
final class Shapes {

    private static final Dimension UNKNOWN = new Dimension.Unknown();

    private Shapes() {}

    /** Extents given as numbers or, when symbolic, as names. */
    static List<Dimension> of(Object... extents) {
        List<Dimension> shape = new ArrayList<>(extents.length);
        for (Object extent : extents) {
            shape.add(of(extent));
        }
        return List.copyOf(shape);
    }

    private static Dimension of(Object extent) {
        if (extent instanceof Dimension dimension) {
            return dimension;
        }
        if (extent instanceof Number number) {
            return new Dimension.Fixed(number.longValue());
        }
        if (extent instanceof String symbol) {
            return new Dimension.Symbol(symbol);
        }
        throw new IllegalArgumentException("an extent is a number or a symbol, not " + extent);
    }

    static List<Dimension> of(List<Long> extents) {
        return extents.stream().<Dimension>map(Dimension.Fixed::new).toList();
    }

    static List<Dimension> broadcast(List<Dimension> left, List<Dimension> right) {
        int rank = Math.max(left.size(), right.size());
        List<Dimension> shape = new ArrayList<>(rank);
        for (int axis = 0; axis < rank; axis++) {
            shape.add(broadcast(fromEnd(left, rank - axis), fromEnd(right, rank - axis)));
        }
        return List.copyOf(shape);
    }

    private static Dimension fromEnd(List<Dimension> shape, int distance) {
        return distance > shape.size() ? new Dimension.Fixed(1) : shape.get(shape.size() - distance);
    }

    private static Dimension broadcast(Dimension left, Dimension right) {
        if (left.equals(right) || isOne(right)) {
            return left;
        }
        if (isOne(left)) {
            return right;
        }
        if (left instanceof Dimension.Fixed a && right instanceof Dimension.Fixed b) {
            throw new IllegalArgumentException("extents " + a.extent() + " and " + b.extent() + " do not broadcast");
        }
        return left instanceof Dimension.Fixed ? left : right;
    }

    private static boolean isOne(Dimension dimension) {
        return dimension instanceof Dimension.Fixed fixed && fixed.extent() == 1;
    }

    static List<Dimension> with(List<Dimension> shape, int axis, Dimension extent) {
        List<Dimension> changed = new ArrayList<>(shape);
        changed.set(axis, extent);
        return List.copyOf(changed);
    }

    static List<Dimension> window(List<Dimension> shape, Dimension channels, Window window) {
        List<Dimension> result = new ArrayList<>(List.of(shape.get(0), channels));
        for (Dimension extent : shape.subList(2, shape.size())) {
            result.add(
                    extent instanceof Dimension.Fixed fixed
                            ? new Dimension.Fixed(window.outputs(fixed.extent()))
                            : UNKNOWN);
        }
        return List.copyOf(result);
    }

    static Dimension sum(List<Dimension> extents) {
        long sum = 0;
        for (Dimension extent : extents) {
            if (!(extent instanceof Dimension.Fixed fixed)) {
                return UNKNOWN;
            }
            sum += fixed.extent();
        }
        return new Dimension.Fixed(sum);
    }

    static List<Dimension> permute(List<Dimension> shape, List<Long> order) {
        return order.stream().map(axis -> shape.get(axis.intValue())).toList();
    }

    /** The result of Reshape: 0 copies, -1 absorbs what is left. */
    static List<Dimension> reshape(List<Dimension> from, long... target) {
        List<Dimension> to = new ArrayList<>(target.length);
        int absorbing = -1;
        for (int axis = 0; axis < target.length; axis++) {
            if (target[axis] == -1) {
                absorbing = axis;
            }
            to.add(target[axis] == 0 ? from.get(axis) : new Dimension.Fixed(target[axis]));
        }
        if (absorbing >= 0) {
            to.set(absorbing, new Dimension.Fixed(1));
            to.set(absorbing, quotient(from, to).orElse(UNKNOWN));
        }
        return List.copyOf(to);
    }

    /** What is left of one product of extents after division by another, when it is one number or one symbol. */
    private static Optional<Dimension> quotient(List<Dimension> dividend, List<Dimension> divisor) {
        List<Dimension> symbols = new ArrayList<>(dividend);
        symbols.removeIf(Dimension.Fixed.class::isInstance);
        for (Dimension extent : divisor) {
            if (!(extent instanceof Dimension.Fixed) && !symbols.remove(extent)) {
                return Optional.empty();
            }
        }
        long rest = product(dividend) / product(divisor);
        if (symbols.isEmpty()) {
            return Optional.of(new Dimension.Fixed(rest));
        }
        return symbols.size() == 1 && rest == 1 ? Optional.of(symbols.get(0)) : Optional.empty();
    }

    private static long product(List<Dimension> extents) {
        return extents.stream()
                .filter(Dimension.Fixed.class::isInstance)
                .mapToLong(extent -> ((Dimension.Fixed) extent).extent())
                .reduce(1, Math::multiplyExact);
    }

    /** Dimensions before an axis and from it on, each merged into one. */
    static List<Dimension> flatten(List<Dimension> shape, int axis) {
        List<Dimension> one = List.of(new Dimension.Fixed(1));
        return List.of(
                quotient(shape.subList(0, axis), one).orElse(UNKNOWN),
                quotient(shape.subList(axis, shape.size()), one).orElse(UNKNOWN));
    }
}
