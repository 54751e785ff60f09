package io.espalier.spi.graph;

import io.espalier.spi.Stability;
import io.espalier.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Builds a changed copy of a graph: nodes are added, replaced and removed, constants added, readers rewired.
 *
 * <p>Nodes are named by their {@link Node#id() ids}, those of the original graph also inside bodies. Names of new values
 * come from {@link #fresh}. Inputs and outputs of the graph keep their names. Used once; not thread-safe.
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.2.0")
public final class GraphRewriter {

    private final Graph graph;
    private final FreshNames names;
    /** What stands in the place of each node of the original graph; nothing when it is removed. */
    private final Map<String, List<Node>> places = new HashMap<>();

    private final List<Node> added = new ArrayList<>();
    private final Map<String, Tensor> constants = new LinkedHashMap<>();

    /** What bodies return in the place of the values that they returned. */
    private final Map<String, String> returned = new HashMap<>();

    private GraphRewriter(Graph graph) {
        this.graph = graph;
        this.names = FreshNames.of(graph);
        open(graph);
    }

    /** Starts with a graph as it is. */
    public static GraphRewriter of(Graph graph) {
        return new GraphRewriter(graph);
    }

    private void open(Graph part) {
        for (Node node : part.nodes()) {
            if (!node.id().isEmpty()) {
                places.put(node.id(), new ArrayList<>(List.of(node)));
            }
            node.bodies().forEach(this::open);
        }
    }

    /** Takes a name that nothing in the graph has: the wish, or the wish with a number. */
    public String fresh(String wish) {
        return names.fresh(wish);
    }

    /** Adds a constant under a fresh name, and returns the name. */
    public String constant(String wish, Tensor value) {
        String name = fresh(wish);
        constants.put(name, value);
        return name;
    }

    /** Adds a node to the outer graph; where follows from what it reads. */
    public void add(Node node) {
        added.add(node);
    }

    /**
     * Puts nodes in the place of one, which is removed unless it is among them.
     *
     * @throws IllegalArgumentException when the graph has no such node
     */
    public void replace(String id, List<Node> replacement) {
        List<Node> place = places.get(id);
        if (place == null) {
            throw new IllegalArgumentException("the graph has no node that makes '" + id + "'");
        }
        place.clear();
        place.addAll(replacement);
    }

    /** Removes a node; what it made must be read no more when the graph is built. */
    public void remove(String id) {
        replace(id, List.of());
    }

    /**
     * Makes all nodes and bodies that now read one value read another. Nodes added later read what they say; what the
     * graph itself returns keeps its name.
     */
    public void rewire(String from, String to) {
        returned.replaceAll((name, now) -> now.equals(from) ? to : now);
        returned.putIfAbsent(from, to);
        added.replaceAll(node -> rewired(node, from, to));
        places.values().forEach(place -> place.replaceAll(node -> rewired(node, from, to)));
    }

    private static Node rewired(Node node, String from, String to) {
        Node result = node;
        for (int slot = 0; slot < node.inputs().size(); slot++) {
            result = node.inputs().get(slot).equals(from) ? result.withInput(slot, to) : result;
        }
        return result;
    }

    /**
     * The changed graph, its nodes in topological order: in the order of the original wherever that is one.
     *
     * @throws IllegalStateException when a value is read that nothing makes, or nodes wait for each other: a defect of
     *     the caller
     */
    public Graph build() {
        Graph result = part(graph, graph.outputs(), added).withConstants(constants);
        Set<String> missing = missing(result);
        missing.removeAll(missing(graph));
        if (!missing.isEmpty()) {
            throw new IllegalStateException(
                    "nothing makes '" + missing.iterator().next() + "', which is read");
        }
        return result;
    }

    private Graph part(Graph part, List<String> outputs, List<Node> more) {
        List<Node> nodes = new ArrayList<>(more);
        for (Node node : part.nodes()) {
            places.getOrDefault(node.id(), List.of(node)).forEach(each -> nodes.add(withBodies(each)));
        }
        return new Graph(
                part.name(),
                part.inputs(),
                outputs,
                TopologicalOrder.of(nodes),
                part.constants(),
                part.declared(),
                part.given());
    }

    private Node withBodies(Node node) {
        Node result = node;
        for (Map.Entry<String, Attribute> attribute : node.attributes().entrySet()) {
            if (attribute.getValue() instanceof Attribute.Body body) {
                List<String> outputs = body.graph().outputs().stream()
                        .map(output -> returned.getOrDefault(output, output))
                        .toList();
                result = result.withAttribute(
                        attribute.getKey(), new Attribute.Body(part(body.graph(), outputs, List.of())));
            }
        }
        return result;
    }

    /** The values that are read and that nothing makes. */
    private static Set<String> missing(Graph graph) {
        Set<String> read = new LinkedHashSet<>(graph.outputs());
        graph.nodes().forEach(node -> read.addAll(node.reads()));
        read.remove("");
        defined(graph, read::remove);
        return read;
    }

    private static void defined(Graph graph, Consumer<String> each) {
        graph.inputs().keySet().forEach(each);
        graph.constants().keySet().forEach(each);
        for (Node node : graph.nodes()) {
            node.outputs().forEach(each);
            node.bodies().forEach(body -> defined(body, each));
        }
    }
}
