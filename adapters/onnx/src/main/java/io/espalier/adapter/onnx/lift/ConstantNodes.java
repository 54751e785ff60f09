package io.espalier.adapter.onnx.lift;

import io.espalier.adapter.onnx.proto.AttributeProto;
import io.espalier.adapter.onnx.proto.NodeProto;
import io.espalier.adapter.onnx.proto.TensorProto;
import io.espalier.adapter.onnx.store.ModelSource;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.List;
import java.util.Optional;

/** {@code Constant} nodes, which hold their value in one of several attributes. */
public final class ConstantNodes {

    private ConstantNodes() {}

    /** Whether a node is a {@code Constant} whose value the neutral graph holds as a tensor. */
    static boolean isTensor(NodeProto node) {
        return Domains.isStandard(node.getDomain())
                && node.getOpType().equals("Constant")
                && valueAttribute(node).isPresent();
    }

    /** Index of the attribute that holds the value. */
    public static Optional<Integer> valueAttribute(NodeProto node) {
        for (int i = 0; i < node.getAttributeCount(); i++) {
            switch (node.getAttribute(i).getName()) {
                case "value", "value_float", "value_floats", "value_int", "value_ints" -> {
                    return Optional.of(i);
                }
                default -> {}
            }
        }
        return Optional.empty();
    }

    /** Whether the value is a tensor of numbers that can be read; texts and the narrowest types are none. */
    static boolean isReadable(NodeProto node) {
        AttributeProto value = node.getAttribute(valueAttribute(node).orElseThrow());
        return !value.getName().equals("value")
                || DataType.ofOnnxNumber(value.getT().getDataType()).isPresent();
    }

    /** The value where it is a tensor of texts. */
    static Optional<TensorProto> texts(NodeProto node) {
        AttributeProto value = node.getAttribute(valueAttribute(node).orElseThrow());
        return Optional.of(value.getT()).filter(tensor -> value.getName().equals("value") && Texts.isText(tensor));
    }

    static Tensor tensor(NodeProto node, ModelSource source) {
        AttributeProto value = node.getAttribute(valueAttribute(node).orElseThrow());
        return switch (value.getName()) {
            case "value_float" -> Tensors.floats(List.of(), value.getF());
            case "value_int" -> Tensors.longs(List.of(), value.getI());
            case "value_ints" ->
                Tensors.vector(
                        value.getIntsList().stream().mapToLong(Long::longValue).toArray());
            case "value_floats" -> {
                float[] floats = new float[value.getFloatsCount()];
                for (int i = 0; i < floats.length; i++) {
                    floats[i] = value.getFloats(i);
                }
                yield Tensors.floats(Tensors.shape(floats.length), floats);
            }
            default -> source.tensor(value.getT(), node.getOutput(0));
        };
    }
}
