package io.espalier.engine.coupling.label;

import io.espalier.graph.symbol.Dim;
import java.util.List;
import java.util.stream.Stream;

/**
 * An axis of unknown extent along which a value only repeats, and how it was divided where it was combined with other axes. Its own
 * positions are all alike and do not show that the extent is a product, of batch and heads for instance.
 */
final class Repetition {

    private final Dim size;
    private List<Repetition> parts = List.of();

    Repetition(Dim size) {
        this.size = size;
    }

    /** Writes down how it was divided; the first division counts. */
    void divide(List<Repetition> found) {
        parts = parts.isEmpty() ? List.copyOf(found) : parts;
    }

    /** The sizes of all parts, outermost first. */
    List<Dim> sizes() {
        return leaves().map(leaf -> leaf.size).toList();
    }

    /** Whether a part of known size was found, which can carry labels. */
    boolean hasNumericPart() {
        return !parts.isEmpty() && leaves().anyMatch(leaf -> leaf.size.isConstant());
    }

    private Stream<Repetition> leaves() {
        return parts.isEmpty() ? Stream.of(this) : parts.stream().flatMap(Repetition::leaves);
    }
}
