package io.espalier.adapter.support;

import io.espalier.spi.Quoted;
import io.espalier.spi.graph.Graph;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A neutral graph with its bindings: where its constants and nodes lie in the native model, so that edits can be written
 * back.
 *
 * @param <C> where a constant lies
 * @param <N> where a node lies
 * @param graph the neutral graph
 * @param constants bindings of constants by name; a constant without one follows from its node
 * @param nodes bindings of nodes by first output; a node without one has no counterpart of its own
 */
public record LiftedModel<C, N>(Graph graph, Map<String, C> constants, Map<String, N> nodes) {

    public LiftedModel {
        constants = Collections.unmodifiableMap(new LinkedHashMap<>(constants));
        nodes = Collections.unmodifiableMap(new LinkedHashMap<>(nodes));
    }

    /** Where a constant lies; empty when nowhere. */
    public Optional<C> constant(String name) {
        return Optional.ofNullable(constants.get(name));
    }

    /**
     * Where a node lies.
     *
     * @throws IllegalArgumentException when it has no counterpart
     */
    public N node(String id) {
        N binding = nodes.get(id);
        if (binding == null) {
            throw new IllegalArgumentException("no node of the file stands behind node " + Quoted.name(id));
        }
        return binding;
    }
}
