package io.espalier.adapter.tflite.store;

import io.espalier.spi.tensor.DataType;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.lite.schema.TensorType;

/** Element types of the two worlds. */
public final class NativeTypes {

    private static final Map<Byte, DataType> TYPES = Map.ofEntries(
            Map.entry(TensorType.FLOAT32, DataType.FLOAT32),
            Map.entry(TensorType.FLOAT16, DataType.FLOAT16),
            Map.entry(TensorType.FLOAT64, DataType.FLOAT64),
            Map.entry(TensorType.INT8, DataType.INT8),
            Map.entry(TensorType.UINT8, DataType.UINT8),
            Map.entry(TensorType.INT16, DataType.INT16),
            Map.entry(TensorType.UINT16, DataType.UINT16),
            Map.entry(TensorType.INT32, DataType.INT32),
            Map.entry(TensorType.UINT32, DataType.UINT32),
            Map.entry(TensorType.INT64, DataType.INT64),
            Map.entry(TensorType.UINT64, DataType.UINT64),
            Map.entry(TensorType.BOOL, DataType.BOOL));

    private NativeTypes() {}

    /** The neutral type; empty for text, complex numbers, four-bit numbers and handles. */
    public static Optional<DataType> of(byte type) {
        return Optional.ofNullable(TYPES.get(type));
    }

    /** The native type. */
    public static byte of(DataType type) {
        return TYPES.entrySet().stream()
                .filter(entry -> entry.getValue() == type)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("TFLite has no " + type));
    }

    /** The name of a native type. */
    public static String name(byte type) {
        return type >= 0 && type < TensorType.names.length ? TensorType.name(type) : "type " + type;
    }
}
