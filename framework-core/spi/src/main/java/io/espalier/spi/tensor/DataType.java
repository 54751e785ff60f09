package io.espalier.spi.tensor;

import io.espalier.spi.Stability;
import java.util.Arrays;
import java.util.Optional;

/** The element types that Espalier reads and writes; all are little-endian in memory and on disk. */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public enum DataType {
    FLOAT32(4, true, 1),
    FLOAT64(8, true, 11),
    FLOAT16(2, true, 10),
    BFLOAT16(2, true, 16),
    INT8(1, false, 3),
    UINT8(1, false, 2),
    INT16(2, false, 5),
    UINT16(2, false, 4),
    INT32(4, false, 6),
    UINT32(4, false, 12),
    INT64(8, false, 7),
    UINT64(8, false, 13),
    BOOL(1, false, 9);

    private final int bytes;
    private final boolean floating;
    private final int onnxNumber;

    DataType(int bytes, boolean floating, int onnxNumber) {
        this.bytes = bytes;
        this.floating = floating;
        this.onnxNumber = onnxNumber;
    }

    /** The type with a number of ONNX ({@code TensorProto.DataType}); empty for types that Espalier does not handle. */
    public static Optional<DataType> ofOnnxNumber(long number) {
        return Arrays.stream(values()).filter(type -> type.onnxNumber == number).findFirst();
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }

    /** Whether elements are floating-point numbers. */
    public boolean isFloating() {
        return floating;
    }

    /** The number that ONNX gives to the type, in attributes such as {@code to} of {@code Cast} as well. */
    public int onnxNumber() {
        return onnxNumber;
    }
}
