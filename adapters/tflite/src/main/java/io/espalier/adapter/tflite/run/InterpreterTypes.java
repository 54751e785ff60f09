package io.espalier.adapter.tflite.run;

import io.espalier.spi.tensor.DataType;
import org.bytedeco.tensorflowlite.global.tensorflowlite;

/** Element types as the interpreter numbers them. */
final class InterpreterTypes {

    private InterpreterTypes() {}

    /** The neutral type, or null for text and others that are not numbers. */
    static DataType of(int type) {
        return switch (type) {
            case tensorflowlite.kTfLiteFloat32 -> DataType.FLOAT32;
            case tensorflowlite.kTfLiteFloat16 -> DataType.FLOAT16;
            case tensorflowlite.kTfLiteFloat64 -> DataType.FLOAT64;
            case tensorflowlite.kTfLiteInt8 -> DataType.INT8;
            case tensorflowlite.kTfLiteUInt8 -> DataType.UINT8;
            case tensorflowlite.kTfLiteInt16 -> DataType.INT16;
            case tensorflowlite.kTfLiteInt32 -> DataType.INT32;
            case tensorflowlite.kTfLiteInt64 -> DataType.INT64;
            case tensorflowlite.kTfLiteBool -> DataType.BOOL;
            default -> null;
        };
    }
}
