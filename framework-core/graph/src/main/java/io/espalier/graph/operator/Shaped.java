package io.espalier.graph.operator;

import io.espalier.graph.symbol.Dim;
import java.util.List;

/**
 * A value with its extents, which a gradient that is being emitted has from the value that it belongs to.
 *
 * @param value its name
 * @param shape its extents
 */
record Shaped(String value, List<Dim> shape) {}
