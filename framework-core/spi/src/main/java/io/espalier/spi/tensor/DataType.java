package io.espalier.spi.tensor;

import io.espalier.spi.Stability;

/** The element types that Espalier reads and writes; all are little-endian in memory and on disk. */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public enum DataType {
    FLOAT32(4, true),
    FLOAT64(8, true),
    FLOAT16(2, true),
    BFLOAT16(2, true),
    INT8(1, false),
    UINT8(1, false),
    INT16(2, false),
    UINT16(2, false),
    INT32(4, false),
    UINT32(4, false),
    INT64(8, false),
    UINT64(8, false),
    BOOL(1, false);

    private final int bytes;
    private final boolean floating;

    DataType(int bytes, boolean floating) {
        this.bytes = bytes;
        this.floating = floating;
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }

    /** Whether elements are floating-point numbers. */
    public boolean isFloating() {
        return floating;
    }
}
