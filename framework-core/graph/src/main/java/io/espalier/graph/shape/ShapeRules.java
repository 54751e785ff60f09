package io.espalier.graph.shape;

import io.espalier.spi.graph.Node;
import java.util.Optional;

/** Where shape inference finds the rule of an operator. Immutable and thread-safe. */
@FunctionalInterface
public interface ShapeRules {

    /** The rule for a node; empty when nobody knows its operator. */
    Optional<ShapeRule> shapeRule(Node node);
}
