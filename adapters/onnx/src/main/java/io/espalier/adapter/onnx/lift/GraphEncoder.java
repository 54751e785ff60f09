package io.espalier.adapter.onnx.lift;

import io.espalier.adapter.onnx.proto.GraphProto;
import io.espalier.adapter.onnx.proto.ModelProto;
import io.espalier.adapter.onnx.proto.NodeProto;
import io.espalier.adapter.onnx.proto.OperatorSetIdProto;
import io.espalier.adapter.onnx.proto.TensorProto;
import io.espalier.adapter.onnx.proto.ValueInfoProto;
import io.espalier.adapter.onnx.store.ModelImage;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Writes a neutral graph as a native model at the neutral opset; constants become initializers. Used once. */
public final class GraphEncoder {

    private static final int IR_VERSION = 10;

    private final ModelImage.Additions payloads = ModelImage.empty();
    /** Names of the operators of each domain. */
    private final SortedMap<String, Set<String>> domains = new TreeMap<>();

    private GraphEncoder() {}

    /** The native model of a neutral graph. */
    public static ModelImage encode(Graph graph) {
        return encode(graph, Graph.OPSET);
    }

    /**
     * The native model of a neutral graph, declared to use an older opset.
     *
     * @param opset one since which the operators of the graph have kept their form
     */
    public static ModelImage encode(Graph graph, int opset) {
        GraphEncoder encoder = new GraphEncoder();
        encoder.domains.put("", Set.of());
        ModelProto.Builder model = ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .setProducerName("espalier")
                .setGraph(encoder.graph(graph));
        encoder.domains.forEach((domain, operators) -> model.addOpsetImport(OperatorSetIdProto.newBuilder()
                .setDomain(domain)
                .setVersion(domain.isEmpty() ? opset : Domains.version(domain, operators))));
        return encoder.payloads.image(model.build());
    }

    private GraphProto graph(Graph graph) {
        GraphProto.Builder encoded =
                GraphProto.newBuilder().setName(graph.name().isEmpty() ? "graph" : graph.name());
        graph.inputs().forEach((name, type) -> {
            encoded.addInput(ValueInfoProto.newBuilder().setName(name).setType(ValueTypes.encode(type)));
        });
        graph.constants().forEach((name, tensor) -> {
            TensorProto.Builder initializer = TensorProto.newBuilder().setName(name);
            payloads.store(initializer, tensor);
            encoded.addInitializer(initializer);
        });
        graph.nodes().forEach(node -> encoded.addNode(node(executable(node))));
        graph.outputs()
                .forEach(name -> encoded.addOutput(output(name, graph.declared().get(name))));
        return encoded.build();
    }

    /** Operators that only the neutral graph has compute nothing. */
    private static Node executable(Node node) {
        return node.domain().equals(Node.OWN_DOMAIN)
                ? Node.of("Identity", node.inputs(), node.outputs(), Map.of())
                : node;
    }

    private NodeProto node(Node node) {
        if (!node.domain().isEmpty()) {
            domains.computeIfAbsent(node.domain(), domain -> new HashSet<>()).add(node.operator());
        }
        NodeProto.Builder encoded = NodeProto.newBuilder()
                .addAllInput(node.inputs())
                .addAllOutput(node.outputs())
                .setName(node.id())
                .setOpType(node.operator());
        if (!node.domain().isEmpty()) {
            encoded.setDomain(node.domain());
        }
        node.attributes()
                .forEach((name, value) ->
                        encoded.addAttribute(AttributeCodec.encode(name, value, payloads, this::graph)));
        return encoded.build();
    }

    /** Runtimes infer what is left open here. */
    private ValueInfoProto output(String name, ValueType declared) {
        ValueInfoProto.Builder output = ValueInfoProto.newBuilder().setName(name);
        if (declared != null) {
            output.setType(ValueTypes.encode(declared));
        }
        return output.build();
    }
}
