package io.espalier.graph.operator;

import java.util.Optional;

/** Counts the multiply-accumulates of one node. Immutable and thread-safe. */
@FunctionalInterface
public interface MacRule {

    /** The multiply-accumulates under some extents; empty when an extent that is needed is not known. */
    Optional<Long> count(Extents extents);
}
