package io.espalier.adapter.tflite.lift;

import io.espalier.spi.tensor.DataType;

/** Numbers of element types in attributes of ONNX operators. */
final class OnnxTypes {

    static final int FLOAT = 1;

    private OnnxTypes() {}

    static int number(DataType type) {
        return switch (type) {
            case FLOAT32 -> FLOAT;
            case UINT8 -> 2;
            case INT8 -> 3;
            case UINT16 -> 4;
            case INT16 -> 5;
            case INT32 -> 6;
            case INT64 -> 7;
            case BOOL -> 9;
            case FLOAT16 -> 10;
            case FLOAT64 -> 11;
            case UINT32 -> 12;
            case UINT64 -> 13;
            case BFLOAT16 -> 16;
        };
    }
}
