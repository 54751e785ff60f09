package io.espalier.adapter.dl4j.store;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** Element types of parameters, named as ND4J names them. */
public enum ElementType {
    FLOAT(4) {
        @Override
        double get(ByteBuffer buffer, int index) {
            return buffer.getFloat(index * 4);
        }

        @Override
        void put(ByteBuffer buffer, int index, double value) {
            buffer.putFloat(index * 4, (float) value);
        }
    },
    DOUBLE(8) {
        @Override
        double get(ByteBuffer buffer, int index) {
            return buffer.getDouble(index * 8);
        }

        @Override
        void put(ByteBuffer buffer, int index, double value) {
            buffer.putDouble(index * 8, value);
        }
    };

    private final int bytes;

    ElementType(int bytes) {
        this.bytes = bytes;
    }

    static Optional<ElementType> named(String name) {
        return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }

    abstract double get(ByteBuffer buffer, int index);

    abstract void put(ByteBuffer buffer, int index, double value);
}
