package io.espalier.spi.graph;

import io.espalier.spi.Stability;
import java.util.HashMap;
import java.util.Map;

/**
 * Infers the types of the values of a graph. The host knows what operators do to types; adapters that need to know,
 * because an old operator means one thing for one rank and another for the next, ask it. Thread-safe.
 */
@FunctionalInterface
@Stability(value = Stability.Level.EVOLVING, since = "0.2.0")
public interface TypeInference {

    /** Knows what a graph says of itself and infers nothing. */
    TypeInference DECLARED = graph -> {
        Map<String, ValueType> types = new HashMap<>(graph.declared());
        types.putAll(graph.inputs());
        return types;
    };

    /**
     * The types of values of a graph and its bodies, by name. A value of which nothing follows is not among them; an
     * extent of which nothing follows is unknown.
     */
    Map<String, ValueType> typesOf(Graph graph);
}
