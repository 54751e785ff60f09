package io.espalier.adapter.onnx.store;

import io.espalier.adapter.onnx.proto.TensorProto;

/** Names of element types as ONNX numbers them. */
public final class OnnxTypes {

    private OnnxTypes() {}

    /** The name of a type for people, known or not. */
    public static String describe(int number) {
        TensorProto.DataType type = TensorProto.DataType.forNumber(number);
        return type == null ? "number " + number : type.name();
    }
}
