package io.espalier.spi.adapter;

import io.espalier.spi.Stability;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What edits mean: applies them to a neutral graph and its bodies, as an adapter applies them to its file. */
@Stability(value = Stability.Level.EVOLVING, since = "0.2.0")
public final class GraphEdits {

    private final Map<String, Tensor> constants;
    private final Map<String, Tensor> added = new LinkedHashMap<>();
    private final Map<String, List<Edit>> nodes = new LinkedHashMap<>();
    private final Map<String, List<Dimension>> shapes = new LinkedHashMap<>();
    private final List<Edit.Omit> omits = new ArrayList<>();
    private final Graph graph;

    /** Empty as long as no edit adds or removes a node. */
    private Optional<NodeChanges> changes = Optional.empty();

    private GraphEdits(Graph graph) {
        this.graph = graph;
        this.constants = new LinkedHashMap<>(graph.allConstants());
    }

    /**
     * The graph after edits, applied in order. Cut constants are views that read from the originals.
     *
     * @throws IllegalArgumentException when an edit names a node or a constant that is not there, or adds a value that is
     * @throws IllegalStateException when, after all edits, a value is read that nothing computes, or nodes wait for each
     *     other
     */
    public static Graph apply(Graph graph, List<Edit> edits) {
        GraphEdits edited = new GraphEdits(graph);
        edits.forEach(edited::collect);
        edited.requireNodes(graph);
        Graph result = edited.edited(graph).withConstants(edited.added);
        return Omissions.applied(
                edited.changes.map(changes -> changes.applied(result)).orElse(result), edited.omits);
    }

    private void collect(Edit edit) {
        if (edit instanceof Edit.Keep keep) {
            Tensor tensor = constant(keep.constant());
            put(keep.constant(), Tensors.sliced(tensor, keep.axis(), keep.indices()));
        } else if (edit instanceof Edit.SetConstant set) {
            constant(set.constant());
            put(set.constant(), set.value());
        } else if (edit instanceof Edit.SetInput set) {
            added.put(set.name(), set.value());
            changes.ifPresent(all -> all.reserve(set.name()));
            change(set.node(), set);
        } else if (edit instanceof Edit.SetAttribute set) {
            change(set.node(), set);
        } else if (edit instanceof Edit.SetShape set) {
            shapes.put(set.value(), set.shape());
        } else if (edit instanceof Edit.AddNode add) {
            changes().add(add.node(), add.constants().keySet());
            added.putAll(add.constants());
        } else if (edit instanceof Edit.RemoveNode remove) {
            changes().remove(remove.node());
        } else if (edit instanceof Edit.Omit omit) {
            omits.add(omit);
        } else if (edit instanceof Edit.Drop drop) {
            constants.keySet().removeAll(drop.constants());
            added.keySet().removeAll(drop.constants());
        }
    }

    private NodeChanges changes() {
        if (changes.isEmpty()) {
            changes = Optional.of(new NodeChanges(graph, added.keySet()));
        }
        return changes.get();
    }

    private void change(String id, Edit edit) {
        Optional<Node> addedNode = changes.flatMap(all -> all.added(id));
        if (addedNode.isPresent()) {
            changes().change(changed(addedNode.get(), edit));
        } else if (changes.isPresent() && changes.get().removes(id)) {
            throw noNode(id);
        } else {
            nodes.computeIfAbsent(id, key -> new ArrayList<>()).add(edit);
        }
    }

    private static IllegalArgumentException noNode(String id) {
        return new IllegalArgumentException("the graph has no node that makes '" + id + "'");
    }

    private Tensor constant(String name) {
        Tensor tensor = added.getOrDefault(name, constants.get(name));
        if (tensor == null) {
            throw new IllegalArgumentException("the graph has no constant '" + name + "'");
        }
        return tensor;
    }

    private void put(String name, Tensor value) {
        (added.containsKey(name) ? added : constants).put(name, value);
    }

    private void requireNodes(Graph graph) {
        Set<String> known = new HashSet<>();
        collectNodes(graph, known);
        nodes.keySet().stream()
                .filter(node -> !known.contains(node))
                .findFirst()
                .ifPresent(node -> {
                    throw noNode(node);
                });
    }

    private static void collectNodes(Graph graph, Set<String> known) {
        for (Node node : graph.nodes()) {
            known.add(node.id());
            node.bodies().forEach(body -> collectNodes(body, known));
        }
    }

    private Graph edited(Graph graph) {
        Map<String, Tensor> own = new LinkedHashMap<>(graph.constants());
        own.keySet().retainAll(constants.keySet());
        own.replaceAll((name, tensor) -> constants.get(name));
        return new Graph(
                graph.name(),
                withShapes(graph.inputs()),
                graph.outputs(),
                graph.nodes().stream().map(this::edited).toList(),
                own,
                withShapes(graph.declared()),
                graph.given());
    }

    private Map<String, ValueType> withShapes(Map<String, ValueType> types) {
        Map<String, ValueType> changed = new LinkedHashMap<>(types);
        changed.replaceAll((value, type) -> shapes.containsKey(value) ? withShape(type, shapes.get(value)) : type);
        return changed;
    }

    /** Extents that are not numbers are as they were. */
    private static ValueType withShape(ValueType type, List<Dimension> shape) {
        List<Dimension> before = type.shape().orElse(List.of());
        List<Dimension> after = new ArrayList<>();
        for (int axis = 0; axis < shape.size(); axis++) {
            boolean known = shape.get(axis) instanceof Dimension.Fixed || axis >= before.size();
            after.add(known ? shape.get(axis) : before.get(axis));
        }
        return new ValueType(type.type(), Optional.of(after));
    }

    private Node edited(Node node) {
        Node result = node;
        for (Map.Entry<String, Attribute> attribute : node.attributes().entrySet()) {
            if (attribute.getValue() instanceof Attribute.Body body) {
                result = result.withAttribute(attribute.getKey(), new Attribute.Body(edited(body.graph())));
            }
        }
        for (Edit edit : nodes.getOrDefault(node.id(), List.of())) {
            result = changed(result, edit);
        }
        return result;
    }

    private static Node changed(Node node, Edit edit) {
        if (edit instanceof Edit.SetInput set) {
            return node.withInput(set.slot(), set.name());
        }
        Edit.SetAttribute set = (Edit.SetAttribute) edit;
        return withAttribute(node, set.attribute(), set.value());
    }

    private static Node withAttribute(Node node, String name, Optional<Attribute> value) {
        if (value.isPresent()) {
            return node.withAttribute(name, value.get());
        }
        Map<String, Attribute> attributes = new LinkedHashMap<>(node.attributes());
        attributes.remove(name);
        return new Node(node.domain(), node.operator(), node.inputs(), node.outputs(), attributes);
    }
}
