package io.espalier.testkit.contract;

import io.espalier.spi.adapter.Edit;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.GraphIndex;
import io.espalier.spi.graph.Node;
import java.util.List;
import java.util.Set;

/** Sums of a graph that hand one of their operands on when they are left out. */
final class ResidualSums {

    private static final Set<String> ADDING = Set.of("Add");

    private ResidualSums() {}

    /** For each sum of computed values, the edit that leaves out what comes later in the graph. */
    static List<Edit.Bypass> of(Graph graph) {
        GraphIndex index = GraphIndex.of(graph);
        return graph.nodes().stream()
                .filter(node -> ADDING.contains(node.qualifiedOperator()))
                .filter(node -> !index.isReturned(node.id()))
                .filter(node -> node.inputs().stream()
                        .allMatch(input -> index.producer(input).isPresent()))
                .map(node -> new Edit.Bypass(node.id(), earlier(graph, index, node)))
                .toList();
    }

    private static int earlier(Graph graph, GraphIndex index, Node sum) {
        List<Integer> places = sum.inputs().stream()
                .map(input -> graph.nodes().indexOf(index.producer(input).orElseThrow()))
                .toList();
        return places.get(0) <= places.get(1) ? 0 : 1;
    }
}
