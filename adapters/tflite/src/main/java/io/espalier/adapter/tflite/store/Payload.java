package io.espalier.adapter.tflite.store;

import java.nio.ByteBuffer;

/** The bytes of one buffer of a model: in the open file until they are wanted, or made by an edit. Thread-safe. */
public interface Payload {

    /** Bytes; 0 for a buffer without data. */
    int size();

    /** All bytes, ready to be read from position 0. */
    ByteBuffer bytes();

    /** Fills the target with bytes from a place on. */
    void read(long place, ByteBuffer target);

    /** Bytes on the heap, which must not change afterwards. */
    static Payload of(ByteBuffer bytes) {
        return new InMemory(bytes);
    }

    /** Bytes of a file, which are read from it when they are wanted. */
    static Payload in(PositionalFile file, long place, int size) {
        return new InFile(file, place, size);
    }

    /** A buffer without data. */
    Payload EMPTY = of(ByteBuffer.allocate(0));

    /** Bytes on the heap. */
    record InMemory(ByteBuffer content) implements Payload {

        @Override
        public int size() {
            return content.remaining();
        }

        @Override
        public ByteBuffer bytes() {
            return content.duplicate();
        }

        @Override
        public void read(long place, ByteBuffer target) {
            int from = content.position() + Math.toIntExact(place);
            target.put(content.duplicate().position(from).limit(from + target.remaining()));
        }
    }

    /** Bytes in an open file. */
    record InFile(PositionalFile file, long place, int size) implements Payload {

        @Override
        public ByteBuffer bytes() {
            ByteBuffer bytes = ByteBuffer.allocate(size);
            file.read(place, bytes);
            return bytes.flip();
        }

        @Override
        public void read(long offset, ByteBuffer target) {
            file.read(place + offset, target);
        }
    }
}
