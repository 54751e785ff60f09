package io.espalier.adapter.onnx.lift;

import io.espalier.adapter.onnx.proto.AttributeProto;
import io.espalier.adapter.onnx.proto.GraphProto;
import io.espalier.adapter.onnx.proto.NodeProto;
import java.util.Map;

/** Other names for some values, in nodes and in the bodies of nodes. */
record Renaming(Map<String, String> names) {

    /** A renaming that follows the map when it changes. */
    static Renaming of(Map<String, String> names) {
        return new Renaming(names);
    }

    String name(String name) {
        return names.getOrDefault(name, name);
    }

    NodeProto node(NodeProto node) {
        NodeProto.Builder renamed = node.toBuilder().clearInput().clearOutput();
        node.getInputList().forEach(input -> renamed.addInput(name(input)));
        node.getOutputList().forEach(output -> renamed.addOutput(name(output)));
        renamed.getAttributeBuilderList().stream()
                .filter(AttributeProto.Builder::hasG)
                .forEach(attribute -> attribute.setG(body(attribute.getG())));
        return renamed.build();
    }

    private GraphProto body(GraphProto body) {
        GraphProto.Builder renamed = body.toBuilder().clearNode();
        renamed.getOutputBuilderList().forEach(output -> output.setName(name(output.getName())));
        body.getNodeList().forEach(node -> renamed.addNode(node(node)));
        return renamed.build();
    }
}
