package io.espalier.testkit.contract;

import io.espalier.spi.adapter.Edit;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.GraphIndex;
import io.espalier.spi.graph.Node;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Operands of sums of a graph that can be left out. */
final class ResidualSums {

    private static final Set<String> ADDING = Set.of("Add", "Sum");

    private ResidualSums() {}

    /** For each sum of computed values, edits that leave out what comes last in the graph: one operand, two, and so on. */
    static List<List<Edit.Omit>> of(Graph graph) {
        GraphIndex index = GraphIndex.of(graph);
        return graph.nodes().stream()
                .filter(node -> ADDING.contains(node.qualifiedOperator()))
                .filter(node -> !index.isReturned(node.id()))
                .filter(node -> node.inputs().stream()
                        .allMatch(input -> index.producer(input).isPresent()))
                .flatMap(node -> omits(graph, index, node))
                .toList();
    }

    private static Stream<List<Edit.Omit>> omits(Graph graph, GraphIndex index, Node sum) {
        List<Edit.Omit> latest = IntStream.range(0, sum.inputs().size())
                .boxed()
                .sorted(Comparator.comparing(slot -> -graph.nodes()
                        .indexOf(index.producer(sum.inputs().get(slot)).orElseThrow())))
                .map(slot -> new Edit.Omit(sum.id(), slot))
                .toList();
        return IntStream.range(1, latest.size()).mapToObj(count -> latest.subList(0, count));
    }
}
