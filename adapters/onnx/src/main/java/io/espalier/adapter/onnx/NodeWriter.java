package io.espalier.adapter.onnx;

import io.espalier.adapter.onnx.lift.AttributeCodec;
import io.espalier.adapter.onnx.lift.Domains;
import io.espalier.adapter.onnx.lift.NativeNames;
import io.espalier.adapter.onnx.lift.NodeLowering;
import io.espalier.adapter.onnx.lift.NodeLowering.NativeForm;
import io.espalier.adapter.onnx.lift.ValueTypes;
import io.espalier.adapter.onnx.proto.GraphProto;
import io.espalier.adapter.onnx.proto.ModelProto;
import io.espalier.adapter.onnx.proto.NodeProto;
import io.espalier.adapter.onnx.proto.OperatorSetIdProto;
import io.espalier.adapter.onnx.proto.TensorProto;
import io.espalier.adapter.onnx.proto.ValueInfoProto;
import io.espalier.adapter.onnx.store.ModelImage;
import io.espalier.spi.Quoted;
import io.espalier.spi.graph.FreshNames;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import java.util.Set;

/** Writes neutral nodes as nodes of a native model. Not thread-safe. */
final class NodeWriter {

    private final ModelProto.Builder model;
    private final ModelImage.Additions payloads;
    private final NativeValues values;
    private final NodeLowering lowering;
    private final FreshNames nodeNames = new FreshNames();

    NodeWriter(ModelProto.Builder model, ModelImage.Additions payloads, NativeValues values, NodeLowering lowering) {
        this.model = model;
        this.payloads = payloads;
        this.values = values;
        this.lowering = lowering;
        nodeNames.reserve(
                model.getGraph().getNodeList().stream().map(NodeProto::getName).toList());
    }

    /**
     * The native form of a node, whose outputs have names already.
     *
     * @throws io.espalier.spi.InvalidInputException when the model cannot hold it
     */
    NodeProto node(Node node) {
        importDomain(node);
        NativeForm form = lowering.lower(node);
        form.constants().forEach(values::addConstant);
        NodeProto.Builder written = NodeProto.newBuilder()
                .setName(nodeNames.fresh(node.id()))
                .setOpType(form.node().operator());
        if (!node.domain().isEmpty()) {
            written.setDomain(node.domain());
        }
        form.node().inputs().forEach(input -> written.addInput(values.read(node, input)));
        node.outputs().forEach(output -> written.addOutput(values.define(output)));
        form.node()
                .attributes()
                .forEach((name, value) ->
                        written.addAttribute(AttributeCodec.encode(name, value, payloads, body -> body(node, body))));
        return written.build();
    }

    private void importDomain(Node node) {
        String domain = node.domain();
        boolean imported = model.getOpsetImportList().stream()
                .anyMatch(each -> Domains.neutral(each.getDomain()).equals(domain));
        if (imported) {
            return;
        }
        if (!domain.isEmpty() && !Domains.isOfTheRuntime(domain)) {
            throw NodeLowering.refused(node, "the file imports no operators of " + Quoted.name(domain));
        }
        model.addOpsetImport(OperatorSetIdProto.newBuilder()
                .setDomain(domain)
                .setVersion(domain.isEmpty() ? Graph.OPSET : Domains.version(domain, Set.of(node.operator()))));
    }

    private GraphProto body(Node around, Graph body) {
        GraphProto.Builder written = GraphProto.newBuilder().setName(body.name().isEmpty() ? "body" : body.name());
        body.inputs().forEach((name, type) -> written.addInput(declared(values.define(name), type)));
        body.constants().keySet().forEach(values::define);
        body.nodes().forEach(node -> node.outputs().forEach(values::define));
        body.nodes().forEach(node -> written.addNode(node(node)));
        body.outputs()
                .forEach(name -> written.addOutput(
                        declared(values.read(around, name), body.declared().get(name))));
        Set<String> read = NativeNames.read(written.build());
        body.constants().forEach((name, value) -> {
            TensorProto.Builder tensor = TensorProto.newBuilder().setName(values.define(name));
            if (read.contains(tensor.getName())) {
                payloads.store(tensor, value);
                written.addInitializer(tensor);
            }
        });
        return written.build();
    }

    private static ValueInfoProto declared(String name, ValueType type) {
        ValueInfoProto.Builder value = ValueInfoProto.newBuilder().setName(name);
        if (type != null) {
            value.setType(ValueTypes.encode(type));
        }
        return value.build();
    }
}
