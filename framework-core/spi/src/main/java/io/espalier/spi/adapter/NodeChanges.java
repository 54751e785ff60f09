package io.espalier.spi.adapter;

import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.GraphRewriter;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.Tensor;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The nodes that edits add to the outermost graph and remove from it, one edit after the other. Not thread-safe. */
final class NodeChanges {

    /** The outermost nodes of the graph, as they were. */
    private final Map<String, Node> outermost = new LinkedHashMap<>();

    /** The names of all values after the edits so far. */
    private final Set<String> names = new HashSet<>();

    private final Map<String, Node> added = new LinkedHashMap<>();
    private final Set<String> removed = new LinkedHashSet<>();

    /** Constants that are dropped when nothing reads them in the end. */
    private final Set<String> spare = new LinkedHashSet<>();

    NodeChanges(Graph graph, Collection<String> more) {
        names.addAll(more);
        graph.nodes().forEach(node -> outermost.put(node.id(), node));
        define(graph, names);
    }

    private static void define(Graph graph, Set<String> names) {
        names.addAll(graph.inputs().keySet());
        names.addAll(graph.constants().keySet());
        graph.nodes().forEach(node -> names.addAll(defined(node)));
    }

    /** The values that a node and its bodies compute. */
    private static Set<String> defined(Node node) {
        Set<String> names = new LinkedHashSet<>(node.outputs());
        node.bodies().forEach(body -> define(body, names));
        names.remove("");
        return names;
    }

    void add(Node node, Collection<String> constants) {
        if (node.id().isEmpty()) {
            throw new IllegalArgumentException("the added node of operator '" + node.operator() + "' makes no value");
        }
        constants.forEach(name -> claim(name, "constant"));
        defined(node).forEach(name -> claim(name, "value"));
        spare.addAll(constants);
        added.put(node.id(), node);
    }

    /** Takes the name of a constant that another edit adds. */
    void reserve(String constant) {
        names.add(constant);
    }

    private void claim(String name, String kind) {
        if (!names.add(name)) {
            throw new IllegalArgumentException("the graph has a " + kind + " '" + name + "' already");
        }
    }

    void remove(String id) {
        Node node = added.remove(id);
        if (node == null) {
            node = outermost.get(id);
            if (node == null || !removed.add(id)) {
                throw new IllegalArgumentException("the graph has no outermost node that makes '" + id + "'");
            }
        }
        names.removeAll(defined(node));
        spare.addAll(node.reads());
    }

    /** An added node as it is after the edits so far. */
    Optional<Node> added(String id) {
        return Optional.ofNullable(added.get(id));
    }

    void change(Node node) {
        added.put(node.id(), node);
    }

    /** Whether a node of the graph was removed, whatever took its name. */
    boolean removes(String id) {
        return removed.contains(id);
    }

    /** A graph after the changes. */
    Graph applied(Graph graph) {
        GraphRewriter rewriter = GraphRewriter.of(graph);
        for (Node node : graph.nodes()) {
            if (removed.contains(node.id())) {
                spare.addAll(node.reads());
                rewriter.remove(node.id());
            }
        }
        added.values().forEach(rewriter::add);
        Graph built = rewriter.build();
        return new Graph(
                built.name(),
                built.inputs(),
                built.outputs(),
                built.nodes(),
                constants(built),
                declared(built),
                built.given());
    }

    private Map<String, Tensor> constants(Graph graph) {
        Set<String> unread = new HashSet<>(spare);
        graph.outputs().forEach(unread::remove);
        graph.nodes().forEach(node -> unread.removeAll(node.reads()));
        Map<String, Tensor> constants = new LinkedHashMap<>(graph.constants());
        constants.keySet().removeAll(unread);
        return constants;
    }

    /** What is declared of a value does not hold any more once an added node has a part in it, outputs excepted. */
    private Map<String, ValueType> declared(Graph graph) {
        Set<String> changed = new HashSet<>();
        for (Node node : graph.nodes()) {
            if (added.containsKey(node.id()) || node.reads().stream().anyMatch(changed::contains)) {
                changed.addAll(node.outputs());
            }
        }
        graph.outputs().forEach(changed::remove);
        Map<String, ValueType> declared = new LinkedHashMap<>(graph.declared());
        declared.keySet().removeAll(changed);
        return declared;
    }
}
