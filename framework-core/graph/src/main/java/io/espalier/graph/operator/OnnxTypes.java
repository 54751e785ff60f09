package io.espalier.graph.operator;

import io.espalier.spi.tensor.DataType;
import java.util.Optional;

/** Element types as ONNX numbers them in attributes ({@code TensorProto.DataType}). */
final class OnnxTypes {

    private OnnxTypes() {}

    /** The type with a number; empty for types Espalier does not handle. */
    static Optional<DataType> of(long number) {
        return Optional.ofNullable(
                switch ((int) number) {
                    case 1 -> DataType.FLOAT32;
                    case 2 -> DataType.UINT8;
                    case 3 -> DataType.INT8;
                    case 4 -> DataType.UINT16;
                    case 5 -> DataType.INT16;
                    case 6 -> DataType.INT32;
                    case 7 -> DataType.INT64;
                    case 9 -> DataType.BOOL;
                    case 10 -> DataType.FLOAT16;
                    case 11 -> DataType.FLOAT64;
                    case 12 -> DataType.UINT32;
                    case 13 -> DataType.UINT64;
                    case 16 -> DataType.BFLOAT16;
                    default -> null;
                });
    }
}
