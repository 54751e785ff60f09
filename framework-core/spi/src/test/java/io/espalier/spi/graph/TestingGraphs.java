package io.espalier.spi.graph;

import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/** Random graphs: nodes read any value before them, some are aliases, some have a body that captures values. */
final class TestingGraphs {

    private static final ValueType ANY = new ValueType(DataType.FLOAT32, Optional.empty());

    private final Random random;
    private int count;

    private TestingGraphs(long seed) {
        this.random = new Random(seed);
    }

    static Graph random(long seed) {
        return new TestingGraphs(seed).graph("main", new ArrayList<>(List.of("x", "c")), 3 + (int) (seed % 9));
    }

    private Graph graph(String name, List<String> readable, int size) {
        boolean outer = name.equals("main");
        List<Node> nodes = new ArrayList<>();
        String own = outer ? "c" : name + "/c";
        readable.add(own);
        for (int i = 0; i < size; i++) {
            String output = "v" + count++;
            nodes.add(node(output, readable, outer));
            readable.add(output);
        }
        List<String> outputs = IntStream.range(0, 1 + random.nextInt(2))
                .mapToObj(i -> any(readable))
                .distinct()
                .toList();
        return new Graph(
                name, outer ? Map.of("x", ANY) : Map.of(), outputs, nodes, Map.of(own, Tensors.vector(1, 2)), Map.of());
    }

    private Node node(String output, List<String> readable, boolean outer) {
        return switch (random.nextInt(4)) {
            case 0 -> Node.of("Identity", List.of(any(readable)), List.of(output), Map.of());
            case 1 -> Node.of("Clip", List.of(any(readable), "", any(readable)), List.of(output, ""), Map.of());
            case 2 ->
                outer
                        ? Node.of(
                                "If",
                                List.of(any(readable)),
                                List.of(output),
                                Map.of(
                                        "then_branch",
                                        new Attribute.Body(graph("body of " + output, new ArrayList<>(readable), 2))))
                        : Node.of("Neg", List.of(any(readable)), List.of(output), Map.of());
            default -> Node.of("Add", List.of(any(readable), any(readable)), List.of(output), Map.of());
        };
    }

    private String any(List<String> values) {
        return values.get(random.nextInt(values.size()));
    }

    /** All nodes, those of bodies included, in order. */
    static List<Node> nodes(Graph graph) {
        List<Node> nodes = new ArrayList<>();
        for (Node node : graph.nodes()) {
            nodes.add(node);
            node.bodies().forEach(body -> nodes.addAll(nodes(body)));
        }
        return nodes;
    }
}
