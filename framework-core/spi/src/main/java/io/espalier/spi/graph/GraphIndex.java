package io.espalier.spi.graph;

import io.espalier.spi.Stability;
import io.espalier.spi.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Answers who computes and who reads each value of a graph.
 *
 * <p>The bodies of its nodes are indexed with it: value names are unique over a graph and its bodies. Built once, in time
 * linear in the size of the graph. Immutable; thread-safe.
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.2.0")
public final class GraphIndex {

    private final Graph graph;
    private final Map<String, Tensor> constants;
    private final Map<String, Node> nodes = new HashMap<>();
    private final Map<String, Node> producers = new HashMap<>();
    private final Map<String, List<Reader>> readers = new HashMap<>();
    private final Map<String, Integer> returned = new HashMap<>();

    /** An input slot of a node. */
    public record Reader(Node node, int slot) {}

    private GraphIndex(Graph graph) {
        this.graph = graph;
        this.constants = graph.allConstants();
        add(graph);
    }

    /** Indexes a graph and its bodies. */
    public static GraphIndex of(Graph graph) {
        return new GraphIndex(graph);
    }

    private void add(Graph part) {
        part.outputs().forEach(output -> returned.merge(output, 1, Integer::sum));
        for (Node node : part.nodes()) {
            nodes.put(node.id(), node);
            node.outputs().stream().filter(output -> !output.isEmpty()).forEach(output -> producers.put(output, node));
            for (int slot = 0; slot < node.inputs().size(); slot++) {
                if (node.input(slot).isPresent()) {
                    readers.computeIfAbsent(node.inputs().get(slot), value -> new ArrayList<>(2))
                            .add(new Reader(node, slot));
                }
            }
            node.bodies().forEach(this::add);
        }
    }

    /** The graph that was indexed. */
    public Graph graph() {
        return graph;
    }

    /** The node with an {@link Node#id() id}, also inside a body. */
    public Optional<Node> node(String id) {
        return Optional.ofNullable(nodes.get(id));
    }

    /** The node that computes a value; empty for inputs, constants and unknown names. */
    public Optional<Node> producer(String value) {
        return Optional.ofNullable(producers.get(value));
    }

    /** The input slots that read a value, in the order of the nodes. */
    public List<Reader> readers(String value) {
        return Collections.unmodifiableList(readers.getOrDefault(value, List.of()));
    }

    /** How many input slots and outputs of the graph and of bodies read a value. */
    public int timesRead(String value) {
        return readers.getOrDefault(value, List.of()).size() + returned.getOrDefault(value, 0);
    }

    /** Whether exactly one input slot or output reads a value, so that changing it changes nothing else. */
    public boolean isReadOnce(String value) {
        return timesRead(value) == 1;
    }

    /** Whether the graph or a body returns a value. */
    public boolean isReturned(String value) {
        return returned.containsKey(value);
    }

    /** The constants of the graph and of all bodies, by name. */
    public Map<String, Tensor> constants() {
        return constants;
    }

    /** A constant of the graph or of a body. */
    public Optional<Tensor> constant(String value) {
        return Optional.ofNullable(constants.get(value));
    }

    /**
     * The value that a name stands for: {@code Identity} nodes are followed to what they read.
     *
     * <p>An {@code Identity} computes nothing. It gives a value a second name, often because an exporter stored equal
     * constants once, so looking through it is part of asking what a name means, also for those who know no operators.
     */
    public String origin(String value) {
        return origin(value, node -> false);
    }

    /** The value that a name stands for once more nodes are looked through to their first input. */
    public String origin(String value, Predicate<Node> passes) {
        String origin = value;
        Node node = producers.get(origin);
        while (node != null && (isAlias(node) || passes.test(node))) {
            origin = node.inputs().get(0);
            node = producers.get(origin);
        }
        return origin;
    }

    /** Whether a node only gives its input a second name. */
    public static boolean isAlias(Node node) {
        return node.qualifiedOperator().equals("Identity");
    }

    /**
     * The nodes of the graph that compute some values, in topological order.
     *
     * @param wanted the values
     * @param given values that need not be computed
     */
    public List<Node> upstream(Collection<String> wanted, Set<String> given) {
        Set<String> seen = new HashSet<>(given);
        Set<Node> found = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<String> open = new ArrayDeque<>(wanted);
        while (!open.isEmpty()) {
            String value = open.pop();
            Node producer = producers.get(value);
            if (seen.add(value) && producer != null && found.add(producer)) {
                open.addAll(producer.reads());
            }
        }
        return graph.nodes().stream().filter(found::contains).toList();
    }
}
