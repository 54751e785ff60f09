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
import java.util.Optional;
import java.util.Set;

/** Declared shapes that an edit may have made wrong. Inputs and outputs of the model keep theirs. */
final class StaleShapes {

    private StaleShapes() {}

    /** Removes the extents that a graph and its bodies declare of intermediate values; readers infer them again. */
    static void forget(GraphProto.Builder graph) {
        Set<String> left = NativeNames.defined(graph.build());
        for (int i = graph.getValueInfoCount() - 1; i >= 0; i--) {
            if (left.contains(graph.getValueInfo(i).getName())) {
                forgetShape(graph.getValueInfoBuilder(i));
            } else {
                graph.removeValueInfo(i);
            }
        }
        for (int i = 0; i < graph.getNodeCount(); i++) {
            if (hasBody(graph.getNode(i))) {
                NodeProto.Builder node = graph.getNodeBuilder(i);
                node.getAttributeBuilderList().stream()
                        .filter(AttributeProto.Builder::hasG)
                        .forEach(attribute -> forgetBody(attribute.getGBuilder()));
            }
        }
    }

    private static void forgetBody(GraphProto.Builder body) {
        body.getInputBuilderList().forEach(StaleShapes::forgetShape);
        body.getOutputBuilderList().forEach(StaleShapes::forgetShape);
        forget(body);
    }

    private static void forgetShape(ValueInfoProto.Builder value) {
        if (value.getType().getTensorType().hasShape()) {
            // The rank stays: edits do not change it, and runtimes want to know it.
            value.getTypeBuilder().getTensorTypeBuilder().getShapeBuilder().getDimBuilderList().stream()
                    .filter(TensorShapeProto.Dimension.Builder::hasDimValue)
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
