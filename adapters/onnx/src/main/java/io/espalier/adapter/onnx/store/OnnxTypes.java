package io.espalier.adapter.onnx.store;

import io.espalier.adapter.onnx.proto.TensorProto;
import io.espalier.spi.tensor.DataType;
import java.util.Optional;

/** Element types as ONNX numbers them. */
public final class OnnxTypes {

    private OnnxTypes() {}

    /** The number ONNX gives to a type. */
    public static int code(DataType type) {
        return (switch (type) {
                    case FLOAT32 -> TensorProto.DataType.FLOAT;
                    case FLOAT64 -> TensorProto.DataType.DOUBLE;
                    case FLOAT16 -> TensorProto.DataType.FLOAT16;
                    case BFLOAT16 -> TensorProto.DataType.BFLOAT16;
                    case INT8 -> TensorProto.DataType.INT8;
                    case UINT8 -> TensorProto.DataType.UINT8;
                    case INT16 -> TensorProto.DataType.INT16;
                    case UINT16 -> TensorProto.DataType.UINT16;
                    case INT32 -> TensorProto.DataType.INT32;
                    case UINT32 -> TensorProto.DataType.UINT32;
                    case INT64 -> TensorProto.DataType.INT64;
                    case UINT64 -> TensorProto.DataType.UINT64;
                    case BOOL -> TensorProto.DataType.BOOL;
                })
                .getNumber();
    }

    /** The type with a number, or empty when Espalier cannot read its elements. */
    public static Optional<DataType> of(int code) {
        TensorProto.DataType type = TensorProto.DataType.forNumber(code);
        return type == null
                ? Optional.empty()
                : Optional.ofNullable(
                        switch (type) {
                            case FLOAT -> DataType.FLOAT32;
                            case DOUBLE -> DataType.FLOAT64;
                            case FLOAT16 -> DataType.FLOAT16;
                            case BFLOAT16 -> DataType.BFLOAT16;
                            case INT8 -> DataType.INT8;
                            case UINT8 -> DataType.UINT8;
                            case INT16 -> DataType.INT16;
                            case UINT16 -> DataType.UINT16;
                            case INT32 -> DataType.INT32;
                            case UINT32 -> DataType.UINT32;
                            case INT64 -> DataType.INT64;
                            case UINT64 -> DataType.UINT64;
                            case BOOL -> DataType.BOOL;
                            default -> null;
                        });
    }

    /** The name of a type for people, known or not. */
    public static String describe(int code) {
        TensorProto.DataType type = TensorProto.DataType.forNumber(code);
        return type == null ? "number " + code : type.name();
    }
}
