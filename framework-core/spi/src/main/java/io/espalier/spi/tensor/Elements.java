package io.espalier.spi.tensor;

import io.espalier.spi.Stability;
import java.nio.ByteBuffer;

/** Decodes and encodes single elements of every {@link DataType} in a little-endian buffer. */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public final class Elements {

    private Elements() {}

    /**
     * The element at an index, as a double.
     *
     * @param buffer little-endian; position is ignored, index 0 is byte 0
     */
    public static double get(DataType type, ByteBuffer buffer, int index) {
        return switch (type) {
            case FLOAT32 -> buffer.getFloat(index * 4);
            case FLOAT64 -> buffer.getDouble(index * 8);
            case FLOAT16 -> halfToFloat(buffer.getShort(index * 2));
            case BFLOAT16 -> Float.intBitsToFloat(buffer.getShort(index * 2) << 16);
            case UINT64 -> {
                long bits = buffer.getLong(index * 8);
                yield bits >= 0 ? bits : (bits >>> 1) * 2.0 + (bits & 1);
            }
            default -> getLong(type, buffer, index);
        };
    }

    /** The element at an index of an integer or bool buffer, exactly. */
    public static long getLong(DataType type, ByteBuffer buffer, int index) {
        return switch (type) {
            case INT8 -> buffer.get(index);
            case UINT8 -> buffer.get(index) & 0xFF;
            case BOOL -> buffer.get(index) == 0 ? 0 : 1;
            case INT16 -> buffer.getShort(index * 2);
            case UINT16 -> buffer.getShort(index * 2) & 0xFFFF;
            case INT32 -> buffer.getInt(index * 4);
            case UINT32 -> buffer.getInt(index * 4) & 0xFFFFFFFFL;
            case INT64, UINT64 -> buffer.getLong(index * 8);
            default -> (long) get(type, buffer, index);
        };
    }

    /** Stores a double as the nearest element; integers are truncated. */
    public static void put(DataType type, ByteBuffer buffer, int index, double value) {
        switch (type) {
            case FLOAT32 -> buffer.putFloat(index * 4, (float) value);
            case FLOAT64 -> buffer.putDouble(index * 8, value);
            case FLOAT16 -> buffer.putShort(index * 2, floatToHalf((float) value));
            case BFLOAT16 -> buffer.putShort(index * 2, floatToBfloat((float) value));
            case INT8, UINT8 -> buffer.put(index, (byte) (long) value);
            case BOOL -> buffer.put(index, (byte) (value == 0 ? 0 : 1));
            case INT16, UINT16 -> buffer.putShort(index * 2, (short) (long) value);
            case INT32, UINT32 -> buffer.putInt(index * 4, (int) (long) value);
            case INT64, UINT64 -> buffer.putLong(index * 8, (long) value);
        }
    }

    /** IEEE 754 half precision to single, exactly; the JDK has this only since 20. */
    public static float halfToFloat(short half) {
        int sign = (half & 0x8000) << 16;
        int exponent = (half >>> 10) & 0x1F;
        int mantissa = half & 0x3FF;
        if (exponent == 0x1F) {
            return Float.intBitsToFloat(sign | 0x7F800000 | mantissa << 13);
        }
        if (exponent == 0) {
            float magnitude = mantissa * 0x1p-24f;
            return sign == 0 ? magnitude : -magnitude;
        }
        return Float.intBitsToFloat(sign | (exponent + 112) << 23 | mantissa << 13);
    }

    /** Single precision to IEEE 754 half, rounded to nearest, ties to even. */
    public static short floatToHalf(float value) {
        int bits = Float.floatToRawIntBits(value);
        int sign = (bits >>> 16) & 0x8000;
        int magnitude = bits & 0x7FFFFFFF;
        if (magnitude > 0x7F800000) {
            return (short) (sign | 0x7E00);
        }
        if (magnitude >= 0x477FF000) {
            return (short) (sign | 0x7C00);
        }
        if (magnitude < 0x38800000) {
            return (short) (sign | (int) Math.rint(Float.intBitsToFloat(magnitude) * 0x1p24));
        }
        int rounded = magnitude + 0xFFF + ((magnitude >>> 13) & 1);
        return (short) (sign | (rounded - 0x38000000) >>> 13);
    }

    private static short floatToBfloat(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) (bits >>> 16 | 0x40);
        }
        return (short) ((bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16);
    }

    /** Reverses the bytes of each element between two positions. */
    public static void reverseBytes(DataType type, ByteBuffer buffer, int from, int to) {
        int width = type.bytes();
        for (int element = from; width > 1 && element < to; element += width) {
            for (int low = element, high = element + width - 1; low < high; low++, high--) {
                byte swapped = buffer.get(low);
                buffer.put(low, buffer.get(high));
                buffer.put(high, swapped);
            }
        }
    }
}
