package io.espalier.graph.operator;

import java.util.Optional;

/** Concrete extents of values. */
@FunctionalInterface
public interface Extents {

    /** The extents of a value, outermost first; empty when its shape is not known. */
    Optional<long[]> of(String value);

    /** Number of elements of a value. */
    default Optional<Long> size(String value) {
        return of(value).map(extents -> product(extents, 0));
    }

    /** One extent of a value; negative axes count from the end. */
    default Optional<Long> extent(String value, int axis) {
        return of(value)
                .filter(extents -> axis < extents.length && -axis <= extents.length)
                .map(extents -> extents[axis < 0 ? axis + extents.length : axis]);
    }

    /** The product of two numbers; empty when one is not known. */
    static Optional<Long> product(Optional<Long> one, Optional<Long> other) {
        return one.flatMap(left -> other.map(right -> Math.multiplyExact(left, right)));
    }

    /** The product of the extents from an axis on. */
    static long product(long[] extents, int from) {
        long product = 1;
        for (int axis = from; axis < extents.length; axis++) {
            product = Math.multiplyExact(product, extents[axis]);
        }
        return product;
    }
}
