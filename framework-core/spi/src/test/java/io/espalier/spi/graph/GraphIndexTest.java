package io.espalier.spi.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class GraphIndexTest {

    @TestFactory
    Stream<DynamicTest> agreesWithASearchThroughTheGraph() {
        return IntStream.range(0, 300).mapToObj(seed -> DynamicTest.dynamicTest("seed " + seed, () -> check(seed)));
    }

    private static void check(int seed) {
        Graph graph = TestingGraphs.random(seed);
        GraphIndex index = GraphIndex.of(graph);
        List<Node> nodes = TestingGraphs.nodes(graph);
        Set<String> values = new HashSet<>(List.of("x", "nothing"));
        nodes.forEach(node -> values.addAll(node.outputs()));
        values.addAll(index.constants().keySet());
        values.remove("");
        for (String value : values) {
            assertThat(index.producer(value))
                    .isEqualTo(nodes.stream()
                            .filter(node -> node.outputs().contains(value))
                            .findFirst());
            List<GraphIndex.Reader> readers = new ArrayList<>();
            for (Node node : nodes) {
                IntStream.range(0, node.inputs().size())
                        .filter(slot -> node.inputs().get(slot).equals(value))
                        .forEach(slot -> readers.add(new GraphIndex.Reader(node, slot)));
            }
            assertThat(index.readers(value)).isEqualTo(readers);
            int returned = Collections.frequency(returned(graph), value);
            assertThat(index.timesRead(value)).isEqualTo(readers.size() + returned);
            assertThat(index.isReadOnce(value)).isEqualTo(readers.size() + returned == 1);
            assertThat(index.isReturned(value)).isEqualTo(returned > 0);
            assertThat(index.origin(value)).isEqualTo(origin(nodes, value));
        }
        nodes.forEach(node -> assertThat(index.node(node.id())).contains(node));
        assertThat(index.upstream(graph.outputs(), Set.of()))
                .isEqualTo(graph.nodes().stream()
                        .filter(computed(graph, graph.outputs())::contains)
                        .toList());
        assertThat(index.upstream(graph.outputs(), Set.copyOf(graph.outputs()))).isEmpty();
    }

    private static String origin(List<Node> nodes, String value) {
        return nodes.stream()
                .filter(node -> node.operator().equals("Identity"))
                .filter(node -> node.outputs().contains(value))
                .map(node -> origin(nodes, node.inputs().get(0)))
                .findFirst()
                .orElse(value);
    }

    private static List<String> returned(Graph graph) {
        List<String> returned = new ArrayList<>(graph.outputs());
        TestingGraphs.nodes(graph).forEach(node -> node.bodies().forEach(body -> returned.addAll(body.outputs())));
        return returned;
    }

    /** The nodes that some values need, found from the last node to the first. */
    private static Set<Node> computed(Graph graph, List<String> wanted) {
        Set<String> needed = new HashSet<>(wanted);
        Set<Node> computed = new HashSet<>();
        List<Node> nodes = new ArrayList<>(graph.nodes());
        Collections.reverse(nodes);
        for (Node node : nodes) {
            if (node.outputs().stream().anyMatch(needed::contains)) {
                computed.add(node);
                needed.addAll(node.reads());
            }
        }
        return computed;
    }

    @Test
    void anIdentityOfAnotherDomainIsNoAlias() {
        Node foreign = new Node("com.example", "Identity", List.of("x"), List.of("y"), Map.of());
        Node alias = Node.of("Identity", List.of("y"), List.of("z"), Map.of());
        Node cast = Node.of("Cast", List.of("z"), List.of("w"), Map.of());
        GraphIndex index = GraphIndex.of(
                new Graph("g", Map.of(), List.of("w"), List.of(foreign, alias, cast), Map.of(), Map.of()));
        assertThat(index.origin("z")).isEqualTo("y");
        assertThat(index.origin("w")).isEqualTo("w");
        assertThat(index.origin("w", node -> node.operator().equals("Cast"))).isEqualTo("y");
    }
}
