package io.espalier.graph.gradient;

import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.GraphIndex;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.Tensor;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The part of a graph that some values need. */
final class Subgraph {

    private Subgraph() {}

    static Graph of(Graph graph, List<String> outputs) {
        List<Node> nodes = GraphIndex.of(graph).upstream(outputs, Set.of());
        Set<String> read = new HashSet<>(outputs);
        nodes.forEach(node -> read.addAll(node.reads()));
        Map<String, Tensor> constants = new LinkedHashMap<>(graph.constants());
        constants.keySet().retainAll(read);
        return new Graph(graph.name(), graph.inputs(), outputs, nodes, constants, graph.declared(), graph.given());
    }
}
