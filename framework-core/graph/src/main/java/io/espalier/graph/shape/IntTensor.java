package io.espalier.graph.shape;

import io.espalier.graph.symbol.Dim;
import java.util.List;
import java.util.Optional;

/**
 * What is known of a small integer or bool tensor, such as the target of a {@code Reshape}.
 *
 * @param shape extents, outermost first; empty for a scalar
 * @param elements row-major elements; empty where an element depends on data
 */
public record IntTensor(List<Long> shape, List<Optional<Dim>> elements) {

    public IntTensor {
        shape = List.copyOf(shape);
        elements = List.copyOf(elements);
    }

    /** All elements, or empty when one is unknown. */
    public Optional<List<Dim>> known() {
        return elements.stream().allMatch(Optional::isPresent)
                ? Optional.of(elements.stream().map(Optional::orElseThrow).toList())
                : Optional.empty();
    }

    /** All elements as numbers, or empty when one is unknown or symbolic. */
    public Optional<List<Long>> constants() {
        return known().filter(all -> all.stream().allMatch(Dim::isConstant))
                .map(all -> all.stream().map(Dim::constant).toList());
    }
}
