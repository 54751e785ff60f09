package io.espalier.graph.gradient;

import io.espalier.spi.graph.Graph;
import java.util.List;
import java.util.Map;

/**
 * A graph that also computes gradients.
 *
 * @param graph the graph, with the nodes that compute gradients behind its own; its outputs are as before
 * @param byValue the name of the gradient by each value that was asked for, which has the shape of the value
 */
public record Gradients(Graph graph, Map<String, String> byValue) {

    /** The graph with these outputs in the place of its own, and nothing that they do not need. */
    public Graph returning(List<String> outputs) {
        return Subgraph.of(graph, outputs);
    }
}
