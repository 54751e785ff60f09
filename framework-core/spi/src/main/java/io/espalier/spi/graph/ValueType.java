package io.espalier.spi.graph;

import io.espalier.spi.Stability;
import io.espalier.spi.tensor.DataType;
import java.util.List;
import java.util.Optional;

/**
 * What a file declares about a value.
 *
 * @param type element type
 * @param shape declared extents, outermost first; empty when even the rank is undeclared
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public record ValueType(DataType type, Optional<List<Dimension>> shape) {

    public ValueType {
        shape = shape.map(List::copyOf);
    }
}
