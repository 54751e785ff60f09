package io.espalier.testkit.contract;

import io.espalier.spi.adapter.Edit;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What edits mean: a neutral graph after them. */
final class EditedGraph {

    private EditedGraph() {}

    static Graph of(Graph graph, List<Edit> edits) {
        Graph edited = graph;
        for (Edit edit : edits) {
            edited = apply(edited, edit);
        }
        return edited;
    }

    private static Graph apply(Graph graph, Edit edit) {
        Map<String, Tensor> constants = new LinkedHashMap<>(graph.constants());
        if (edit instanceof Edit.Keep keep) {
            constants.computeIfPresent(
                    keep.constant(), (name, tensor) -> Tensors.sliced(tensor, keep.axis(), keep.indices()));
        } else if (edit instanceof Edit.SetConstant set) {
            constants.computeIfPresent(set.constant(), (name, tensor) -> set.value());
        } else if (edit instanceof Edit.SetInput set
                && graph.nodes().stream().anyMatch(node -> node.id().equals(set.node()))) {
            constants.put(set.name(), set.value());
        } else if (edit instanceof Edit.Drop drop) {
            drop.constants().forEach(constants::remove);
        }
        List<Node> nodes = graph.nodes().stream()
                .map(node -> apply(inBodies(node, edit), edit))
                .toList();
        return new Graph(graph.name(), graph.inputs(), graph.outputs(), nodes, constants, graph.declared());
    }

    private static Node inBodies(Node node, Edit edit) {
        Node edited = node;
        for (Map.Entry<String, Attribute> attribute : node.attributes().entrySet()) {
            if (attribute.getValue() instanceof Attribute.Body body) {
                edited = edited.withAttribute(attribute.getKey(), new Attribute.Body(apply(body.graph(), edit)));
            }
        }
        return edited;
    }

    private static Node apply(Node node, Edit edit) {
        if (edit instanceof Edit.SetInput set && set.node().equals(node.id())) {
            return node.withInput(set.slot(), set.name());
        }
        if (edit instanceof Edit.SetAttribute set && set.node().equals(node.id())) {
            Map<String, Attribute> attributes = new LinkedHashMap<>(node.attributes());
            set.value()
                    .ifPresentOrElse(
                            value -> attributes.put(set.attribute(), value), () -> attributes.remove(set.attribute()));
            return new Node(node.domain(), node.operator(), node.inputs(), node.outputs(), attributes);
        }
        return node;
    }
}
