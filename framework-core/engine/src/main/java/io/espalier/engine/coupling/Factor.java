package io.espalier.engine.coupling;

import io.espalier.engine.shape.Dim;

/**
 * A piece of an axis. Identity matters: two factors of equal size are different indices.
 *
 * <p>Only factors of known size carry labels. A factor never has size 1: an axis of extent 1 has no factors.
 */
final class Factor {

    private final Dim size;

    Factor(Dim size) {
        this.size = size;
    }

    static Factor of(long size) {
        return new Factor(Dim.of(size));
    }

    Dim size() {
        return size;
    }

    boolean isNumeric() {
        return size.isConstant();
    }

    int count() {
        return Math.toIntExact(size.constant());
    }

    @Override
    public String toString() {
        return size.toString();
    }
}
