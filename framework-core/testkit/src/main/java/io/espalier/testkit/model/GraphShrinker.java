package io.espalier.testkit.model;

import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Deletes nodes as long as a property goes on failing. */
final class GraphShrinker {

    private final Map<String, List<Dimension>> shapes;
    private final Predicate<Graph> stillFails;

    GraphShrinker(Map<String, List<Dimension>> shapes, Predicate<Graph> stillFails) {
        this.shapes = shapes;
        this.stillFails = stillFails;
    }

    Graph shrink(Graph failing) {
        Graph smallest = failing;
        for (Optional<Graph> next = smaller(smallest); next.isPresent(); next = smaller(smallest)) {
            smallest = next.get();
        }
        return smallest;
    }

    /** The first candidate that fails too. */
    private Optional<Graph> smaller(Graph graph) {
        List<Node> last = new ArrayList<>(graph.nodes());
        Collections.reverse(last);
        return last.stream()
                .flatMap(node -> node.outputs().stream().flatMap(result -> candidates(graph, node, result).stream()))
                .filter(candidate -> candidate.nodes().size() < graph.nodes().size())
                .filter(stillFails)
                .findFirst();
    }

    private List<Graph> candidates(Graph graph, Node node, String result) {
        List<Graph> candidates = new ArrayList<>();
        for (String operand : node.inputs()) {
            if (graph.constants().containsKey(operand) || !shapes.containsKey(operand)) {
                continue;
            }
            boolean isOutput = graph.outputs().contains(result);
            if (isOutput && !graph.inputs().containsKey(operand)) {
                candidates.add(withoutDeadNodes(withOutput(graph, result, operand)));
            }
            if (!isOutput && shapes.get(operand).equals(shapes.get(result))) {
                candidates.add(withoutDeadNodes(withReplaced(graph, result, operand)));
            }
        }
        return candidates;
    }

    private Graph withOutput(Graph graph, String from, String to) {
        List<String> outputs = graph.outputs().stream()
                .map(name -> name.equals(from) ? to : name)
                .distinct()
                .toList();
        Map<String, ValueType> declared = new LinkedHashMap<>(graph.declared());
        declared.remove(from);
        declared.put(to, new ValueType(DataType.FLOAT32, Optional.of(shapes.get(to))));
        return new Graph(graph.name(), graph.inputs(), outputs, graph.nodes(), graph.constants(), declared);
    }

    private static Graph withReplaced(Graph graph, String from, String to) {
        List<Node> nodes = graph.nodes().stream()
                .map(node -> new Node(
                        node.domain(),
                        node.operator(),
                        node.inputs().stream()
                                .map(name -> name.equals(from) ? to : name)
                                .toList(),
                        node.outputs(),
                        node.attributes()))
                .toList();
        return graph.withNodes(nodes);
    }

    private static Graph withoutDeadNodes(Graph graph) {
        Set<String> needed = new LinkedHashSet<>(graph.outputs());
        Deque<Node> alive = new ArrayDeque<>();
        for (int i = graph.nodes().size() - 1; i >= 0; i--) {
            Node node = graph.nodes().get(i);
            if (node.outputs().stream().anyMatch(needed::contains)) {
                alive.addFirst(node);
                addReads(node, needed);
            }
        }
        Map<String, Tensor> constants = new LinkedHashMap<>(graph.constants());
        constants.keySet().retainAll(needed);
        return new Graph(
                graph.name(), graph.inputs(), graph.outputs(), List.copyOf(alive), constants, graph.declared());
    }

    private static void addReads(Node node, Set<String> reads) {
        reads.addAll(node.inputs());
        for (Graph body : node.bodies()) {
            reads.addAll(body.outputs());
            body.nodes().forEach(inner -> addReads(inner, reads));
        }
    }
}
