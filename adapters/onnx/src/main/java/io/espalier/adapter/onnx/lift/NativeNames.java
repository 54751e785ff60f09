package io.espalier.adapter.onnx.lift;

import io.espalier.adapter.onnx.proto.AttributeProto;
import io.espalier.adapter.onnx.proto.GraphProto;
import io.espalier.adapter.onnx.proto.NodeProto;
import io.espalier.adapter.onnx.proto.TensorProto;
import io.espalier.adapter.onnx.proto.ValueInfoProto;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/** The value names of a native graph and its bodies. */
public final class NativeNames {

    private NativeNames() {}

    /** Names of everything that has a value. */
    public static Set<String> defined(GraphProto graph) {
        Set<String> names = new HashSet<>();
        visit(graph, each -> {
            each.getInputList().stream().map(ValueInfoProto::getName).forEach(names::add);
            each.getInitializerList().stream().map(TensorProto::getName).forEach(names::add);
            each.getNodeList().forEach(node -> names.addAll(node.getOutputList()));
        });
        return names;
    }

    /** Names of everything that a node or one of its bodies makes. */
    public static Set<String> defined(NodeProto node) {
        Set<String> names = new HashSet<>(node.getOutputList());
        node.getAttributeList().stream()
                .filter(AttributeProto::hasG)
                .forEach(attribute -> names.addAll(defined(attribute.getG())));
        names.remove("");
        return names;
    }

    /** Names of everything that a node or a graph's output reads. */
    public static Set<String> read(GraphProto graph) {
        Set<String> names = new HashSet<>();
        visit(graph, each -> {
            each.getOutputList().stream().map(ValueInfoProto::getName).forEach(names::add);
            each.getNodeList().forEach(node -> names.addAll(node.getInputList()));
        });
        return names;
    }

    /** Names of everything that a node or one of its bodies reads. */
    public static Set<String> read(NodeProto node) {
        Set<String> names = new HashSet<>(node.getInputList());
        node.getAttributeList().stream()
                .filter(AttributeProto::hasG)
                .forEach(attribute -> names.addAll(read(attribute.getG())));
        return names;
    }

    private static void visit(GraphProto graph, Consumer<GraphProto> consumer) {
        consumer.accept(graph);
        for (NodeProto node : graph.getNodeList()) {
            for (AttributeProto attribute : node.getAttributeList()) {
                if (attribute.hasG()) {
                    visit(attribute.getG(), consumer);
                }
            }
        }
    }
}
