package io.espalier.engine.surgery;

import io.espalier.spi.adapter.Edit;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Applies edits to a neutral graph, as an adapter applies them to its file. */
public final class GraphEdits {

    private GraphEdits() {}

    /**
     * The edited graph. Cut constants are views that read from the originals.
     *
     * @throws IllegalArgumentException when an edit names a node or a constant that is not there
     */
    public static Graph apply(Graph graph, List<Edit> edits) {
        Map<String, Tensor> constants = new LinkedHashMap<>(graph.constants());
        List<Node> nodes = new ArrayList<>(graph.nodes());
        Map<String, ValueType> declared = new LinkedHashMap<>(graph.declared());
        Map<String, Integer> places = new LinkedHashMap<>();
        for (int i = 0; i < nodes.size(); i++) {
            places.put(nodes.get(i).id(), i);
        }
        for (Edit edit : edits) {
            if (edit instanceof Edit.Slice slice) {
                Tensor tensor = constant(constants, slice.constant());
                constants.put(slice.constant(), Tensors.sliced(tensor, slice.axis(), slice.keep()));
            } else if (edit instanceof Edit.SetConstant set) {
                constant(constants, set.constant());
                constants.put(set.constant(), set.value());
            } else if (edit instanceof Edit.SetInput set) {
                constants.put(set.name(), set.value());
                int place = place(places, set.node());
                nodes.set(place, nodes.get(place).withInput(set.slot(), set.name()));
            } else if (edit instanceof Edit.SetAttribute set) {
                int place = place(places, set.node());
                nodes.set(place, withAttribute(nodes.get(place), set.attribute(), set.value()));
            } else if (edit instanceof Edit.SetShape set) {
                declared.computeIfPresent(set.value(), (value, type) -> withShape(type, set.shape()));
            } else if (edit instanceof Edit.Drop drop) {
                drop.constants().forEach(constants::remove);
            }
        }
        return new Graph(graph.name(), graph.inputs(), graph.outputs(), nodes, constants, declared);
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

    private static Tensor constant(Map<String, Tensor> constants, String name) {
        Tensor tensor = constants.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("the graph has no constant '" + name + "'");
        }
        return tensor;
    }

    private static int place(Map<String, Integer> places, String node) {
        Integer place = places.get(node);
        if (place == null) {
            throw new IllegalArgumentException("the graph has no node that makes '" + node + "'");
        }
        return place;
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
