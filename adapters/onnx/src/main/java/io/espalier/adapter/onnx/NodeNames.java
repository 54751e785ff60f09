package io.espalier.adapter.onnx;

import io.espalier.adapter.onnx.proto.AttributeProto;
import io.espalier.adapter.onnx.proto.GraphProto;
import io.espalier.adapter.onnx.proto.ModelProto;
import io.espalier.adapter.onnx.proto.NodeProto;
import io.espalier.adapter.onnx.store.ModelImage;
import io.espalier.spi.graph.FreshNames;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Names of nodes, which nothing refers to, but which onnxruntime wants to be different within a graph. */
final class NodeNames {

    private boolean changed;

    private NodeNames() {}

    /** A model whose nodes have names of their own; empty when they have already. */
    static Optional<ModelImage> unique(ModelImage image) {
        NodeNames names = new NodeNames();
        ModelProto.Builder model = image.proto().toBuilder();
        names.visit(model.getGraphBuilder());
        return names.changed ? Optional.of(image.additions().image(model.build())) : Optional.empty();
    }

    private void visit(GraphProto.Builder graph) {
        FreshNames free = new FreshNames();
        free.reserve(graph.getNodeList().stream().map(NodeProto::getName).toList());
        Set<String> taken = new HashSet<>();
        for (NodeProto.Builder node : graph.getNodeBuilderList()) {
            if (!node.getName().isEmpty() && !taken.add(node.getName())) {
                node.setName(free.fresh(node.getName()));
                changed = true;
            }
            node.getAttributeBuilderList().stream()
                    .filter(AttributeProto.Builder::hasG)
                    .forEach(attribute -> visit(attribute.getGBuilder()));
        }
    }
}
