package io.espalier.graph.operator;

import io.espalier.graph.shape.Dim;

/** Extents that lines compare with. */
final class Dims {

    static final Dim ONE = Dim.of(1);

    private Dims() {}
}
