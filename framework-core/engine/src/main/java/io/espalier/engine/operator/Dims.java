package io.espalier.engine.operator;

import io.espalier.engine.shape.Dim;

/** Extents that lines compare with. */
final class Dims {

    static final Dim ONE = Dim.of(1);

    private Dims() {}
}
