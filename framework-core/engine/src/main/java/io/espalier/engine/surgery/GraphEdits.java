package io.espalier.engine.surgery;

import io.espalier.spi.adapter.Edit;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.GraphRewriter;
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

/** Applies edits to a neutral graph and its bodies, as an adapter applies them to its file. Used once. */
public final class GraphEdits {

    private final Map<String, Tensor> constants;
    private final Map<String, Tensor> added = new LinkedHashMap<>();
    private final Map<String, List<Edit>> nodes = new LinkedHashMap<>();
    private final Map<String, List<Dimension>> shapes = new LinkedHashMap<>();
    private final List<Node> newNodes = new ArrayList<>();
    private final List<String> removed = new ArrayList<>();

    private GraphEdits(Graph graph) {
        this.constants = new LinkedHashMap<>(graph.allConstants());
    }

    /**
     * The edited graph. Cut constants are views that read from the originals.
     *
     * @throws IllegalArgumentException when an edit names a node or a constant that is not there, or adds a constant that
     *     is
     * @throws IllegalStateException when a value is read that no node computes any more
     */
    public static Graph apply(Graph graph, List<Edit> edits) {
        GraphEdits changes = new GraphEdits(graph);
        edits.forEach(changes::collect);
        changes.requireNodes(graph);
        return changes.withNodes(changes.edited(graph).withConstants(changes.added));
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
            nodes.computeIfAbsent(set.node(), key -> new ArrayList<>()).add(set);
        } else if (edit instanceof Edit.SetAttribute set) {
            nodes.computeIfAbsent(set.node(), key -> new ArrayList<>()).add(set);
        } else if (edit instanceof Edit.SetShape set) {
            shapes.put(set.value(), set.shape());
        } else if (edit instanceof Edit.AddNode add) {
            newNodes.add(add.node());
            add.constants().forEach(this::addConstant);
        } else if (edit instanceof Edit.RemoveNode remove) {
            removed.add(remove.node());
        } else if (edit instanceof Edit.Drop drop) {
            constants.keySet().removeAll(drop.constants());
            added.keySet().removeAll(drop.constants());
        }
    }

    private void addConstant(String name, Tensor value) {
        if (constants.containsKey(name) || added.put(name, value) != null) {
            throw new IllegalArgumentException("the graph has a constant '" + name + "' already");
        }
    }

    private Graph withNodes(Graph graph) {
        if (newNodes.isEmpty() && removed.isEmpty()) {
            return graph;
        }
        GraphRewriter rewriter = GraphRewriter.of(graph);
        removed.forEach(rewriter::remove);
        newNodes.forEach(rewriter::add);
        return rewriter.build();
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
                    throw new IllegalArgumentException("the graph has no node that makes '" + node + "'");
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
                withShapes(graph.declared()));
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
            if (edit instanceof Edit.SetInput set) {
                result = result.withInput(set.slot(), set.name());
            } else if (edit instanceof Edit.SetAttribute set) {
                result = withAttribute(result, set.attribute(), set.value());
            }
        }
        return result;
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
