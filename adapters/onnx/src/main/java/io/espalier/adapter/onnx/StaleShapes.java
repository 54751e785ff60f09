package io.espalier.adapter.onnx;

import io.espalier.adapter.onnx.lift.NativeNames;
import io.espalier.adapter.onnx.lift.ValueTypes;
import io.espalier.adapter.onnx.proto.AttributeProto;
import io.espalier.adapter.onnx.proto.GraphProto;
import io.espalier.adapter.onnx.proto.NodeProto;
import io.espalier.adapter.onnx.proto.TensorShapeProto;
import io.espalier.adapter.onnx.proto.ValueInfoProto;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.Tensor;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Declared shapes that an edit may have made wrong. Inputs and outputs of the model keep theirs. */
final class StaleShapes {

    private StaleShapes() {}

    /**
     * Removes the extents that a graph and its bodies declare of intermediate values; readers infer them again. Names of extents
     * go too, such as {@code 12*batch}, unless an input has them: runtimes take values whose extents have one name for equally large.
     */
    static void forget(GraphProto.Builder graph) {
        Set<String> symbols = new HashSet<>();
        for (ValueInfoProto input : graph.getInputList()) {
            input.getType()
                    .getTensorType()
                    .getShape()
                    .getDimList()
                    .forEach(extent -> symbols.add(extent.getDimParam()));
        }
        forget(graph, symbols);
    }

    private static void forget(GraphProto.Builder graph, Set<String> symbols) {
        Set<String> left = NativeNames.defined(graph.build());
        for (int i = graph.getValueInfoCount() - 1; i >= 0; i--) {
            if (left.contains(graph.getValueInfo(i).getName())) {
                forgetShape(graph.getValueInfoBuilder(i), symbols);
            } else {
                graph.removeValueInfo(i);
            }
        }
        for (int i = 0; i < graph.getNodeCount(); i++) {
            forgetBodies(graph, i, symbols);
        }
    }

    /**
     * Removes what the main graph declares of values that nothing makes any more, or that some nodes and those behind them
     * make. These nodes are not looked into.
     */
    static void forgetAfter(GraphProto.Builder graph, List<NodeProto> nodes) {
        Set<String> changed = new HashSet<>();
        nodes.forEach(node -> changed.addAll(NativeNames.defined(node)));
        for (int i = 0; i < graph.getNodeCount(); i++) {
            NodeProto node = graph.getNode(i);
            if (!Collections.disjoint(NativeNames.read(node), changed)) {
                changed.addAll(NativeNames.defined(node));
                if (!nodes.contains(node)) {
                    forgetBodies(graph, i, Set.of());
                }
            }
        }
        Set<String> left = NativeNames.defined(graph.build());
        left.removeAll(changed);
        List<ValueInfoProto> sound = graph.getValueInfoList().stream()
                .filter(value -> left.contains(value.getName()))
                .toList();
        graph.clearValueInfo().addAllValueInfo(sound);
    }

    private static void forgetBodies(GraphProto.Builder graph, int node, Set<String> symbols) {
        if (hasBody(graph.getNode(node))) {
            graph.getNodeBuilder(node).getAttributeBuilderList().stream()
                    .filter(AttributeProto.Builder::hasG)
                    .forEach(attribute -> forgetBody(attribute.getGBuilder(), symbols));
        }
    }

    private static void forgetBody(GraphProto.Builder body, Set<String> symbols) {
        body.getInputBuilderList().forEach(value -> forgetShape(value, symbols));
        body.getOutputBuilderList().forEach(value -> forgetShape(value, symbols));
        forget(body, symbols);
    }

    private static void forgetShape(ValueInfoProto.Builder value, Set<String> symbols) {
        if (value.getType().getTensorType().hasShape()) {
            // The rank stays: edits do not change it, and runtimes want to know it.
            value.getTypeBuilder().getTensorTypeBuilder().getShapeBuilder().getDimBuilderList().stream()
                    .filter(extent -> extent.hasDimValue() || !symbols.contains(extent.getDimParam()))
                    .forEach(TensorShapeProto.Dimension.Builder::clearValue);
        }
    }

    private static boolean hasBody(NodeProto node) {
        return node.getAttributeList().stream().anyMatch(AttributeProto::hasG);
    }

    /** Makes an input that stands for a constant declare the constant's type. */
    static void declare(ValueInfoProto.Builder input, Tensor value) {
        input.setType(ValueTypes.encode(new ValueType(
                value.type(),
                Optional.of(value.shape().stream()
                        .<Dimension>map(Dimension.Fixed::new)
                        .toList()))));
    }
}
