package io.espalier.graph.operator;

import io.espalier.graph.symbol.Dim;
import java.util.List;

/** Arithmetic of extents that several families need. */
final class Dims {

    private Dims() {}

    static Dim product(List<Dim> extents) {
        return extents.stream().reduce(Dim.ONE, Dim::times);
    }
}
