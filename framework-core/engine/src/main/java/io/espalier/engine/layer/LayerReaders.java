package io.espalier.engine.layer;

import io.espalier.engine.coupling.label.ParameterUse;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which nodes combine a constant with data. Nodes that only prepare it, such as the one that widens quantised weights or
 * turns a matrix round, are passed over. Bodies are looked into.
 */
final class LayerReaders {

    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final Map<String, Node> makers = new HashMap<>();
    private final Map<String, List<Node>> readers = new HashMap<>();
    private final Map<String, Set<Node>> combining = new HashMap<>();
    private final Map<String, Integer> ranks = new HashMap<>();
    /** Constants, and what nodes make of nothing but constants. */
    private final Set<String> fixed = new HashSet<>();

    LayerReaders(Graph graph) {
        visit(graph);
    }

    private void visit(Graph graph) {
        graph.constants()
                .forEach((name, tensor) -> ranks.put(name, tensor.shape().size()));
        fixed.addAll(graph.constants().keySet());
        for (Node node : graph.nodes()) {
            nodes.put(node.id(), node);
            node.outputs().forEach(output -> makers.put(output, node));
            node.inputs().stream()
                    .distinct()
                    .filter(input -> !input.isEmpty())
                    .forEach(input -> readers.computeIfAbsent(input, key -> new ArrayList<>())
                            .add(node));
            if (prepares(node)) {
                fixed.addAll(node.outputs());
            }
            node.bodies().forEach(this::visit);
        }
    }

    private boolean prepares(Node node) {
        return node.bodies().isEmpty()
                && !node.inputs().isEmpty()
                && node.inputs().stream().allMatch(input -> input.isEmpty() || fixed.contains(input));
    }

    /** All nodes, by first output. */
    Map<String, Node> nodes() {
        return nodes;
    }

    /** How many axes a constant has. */
    int rank(String constant) {
        return ranks.get(constant);
    }

    /** The nodes that combine a constant with data, as one use of it sees it. */
    Set<Node> of(ParameterUse use) {
        Node own = nodes.get(use.node());
        return use.isShared() || own == null
                ? of(use.constant())
                : prepares(own) ? combining(own.outputs()) : Set.of(own);
    }

    /** Names of the constants that a node alone combines with data, in the order of its inputs. */
    List<String> ownConstants(Node node) {
        Set<String> seen = new LinkedHashSet<>(node.inputs());
        Deque<String> waiting = new ArrayDeque<>(node.inputs());
        while (!waiting.isEmpty()) {
            Node maker = makers.get(waiting.remove());
            if (maker != null && prepares(maker)) {
                maker.inputs().stream().filter(seen::add).forEach(waiting::add);
            }
        }
        return seen.stream()
                .filter(ranks::containsKey)
                .filter(constant -> of(constant).size() == 1)
                .toList();
    }

    private Set<Node> of(String constant) {
        return combining.computeIfAbsent(constant, each -> combining(List.of(each)));
    }

    /** The nodes that combine values with data. */
    private Set<Node> combining(List<String> values) {
        Set<Node> found = new LinkedHashSet<>();
        Set<String> seen = new HashSet<>(values);
        Deque<String> waiting = new ArrayDeque<>(values);
        while (!waiting.isEmpty()) {
            for (Node reader : readers.getOrDefault(waiting.remove(), List.of())) {
                if (prepares(reader)) {
                    reader.outputs().stream().filter(seen::add).forEach(waiting::add);
                } else {
                    found.add(reader);
                }
            }
        }
        return found;
    }
}
