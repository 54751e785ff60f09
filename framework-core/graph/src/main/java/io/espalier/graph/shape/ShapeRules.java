package io.espalier.graph.shape;

import io.espalier.spi.graph.Node;
import java.util.Optional;

/** Where shape inference finds the rule of an operator. Immutable and thread-safe. */
@FunctionalInterface
public interface ShapeRules {

    /** The rule for a node; empty when nobody knows its operator. */
    Optional<ShapeRule> shapeRule(Node node);

    /** Why the operands and attributes of a node do not fit its operator; empty when they do or nobody knows. */
    default Optional<String> misfit(Node node, KnownValues values) {
        return Optional.empty();
    }
}
