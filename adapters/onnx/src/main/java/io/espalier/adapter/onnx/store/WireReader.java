package io.espalier.adapter.onnx.store;

import io.espalier.adapter.support.FileBytes;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Walks protobuf's wire format in a file by position, without reading what it skips. Not thread-safe. */
final class WireReader {

    static final int VARINT = 0;
    static final int FIXED64 = 1;
    static final int LENGTH_DELIMITED = 2;
    static final int FIXED32 = 5;

    private static final int BUFFER_BYTES = 1 << 14;
    private static final int VARINT_BITS = 70;

    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    private final long size;
    private long bufferStart;
    private long position;

    WireReader(FileChannel channel) throws IOException {
        this.channel = channel;
        this.size = channel.size();
        buffer.limit(0);
    }

    long position() {
        return position;
    }

    void seek(long target) {
        position = target;
    }

    long size() {
        return size;
    }

    long readVarint() throws IOException {
        long value = 0;
        for (int shift = 0; shift < VARINT_BITS; shift += 7) {
            int octet = readByte();
            value |= (long) (octet & 0x7F) << shift;
            if (octet < 0x80) {
                return value;
            }
        }
        throw new MalformedWireException("a number of more than ten bytes", position);
    }

    /** Reads a field's tag, checked for a field number and a wire type that exist. */
    int readTag() throws IOException {
        long tag = readVarint();
        int wire = (int) tag & 7;
        if (tag >>> 3 == 0
                || tag > 0xFFFFFFFFL
                || wire != VARINT && wire != FIXED64 && wire != LENGTH_DELIMITED && wire != FIXED32) {
            throw new MalformedWireException("an impossible field tag", position);
        }
        return (int) tag;
    }

    /** Reads the length of a length-delimited field that must end before a position. */
    long readLength(long end) throws IOException {
        long length = readVarint();
        if (length < 0 || length > end - position) {
            if (end == size && length >= 0) {
                throw new EOFException();
            }
            throw new MalformedWireException("a field longer than the message around it", position);
        }
        return length;
    }

    /** Skips the value of a field. */
    void skip(int wire, long end) throws IOException {
        switch (wire) {
            case VARINT -> readVarint();
            case FIXED64 -> position += Long.BYTES;
            case FIXED32 -> position += Integer.BYTES;
            default -> {
                long length = readLength(end);
                position += length;
            }
        }
        if (position > end) {
            throw new EOFException();
        }
    }

    /** Copies the bytes between two positions; the position stays. */
    void copy(long from, long to, ByteArrayOutputStream out) throws IOException {
        if (from >= bufferStart && to <= bufferStart + buffer.limit()) {
            out.write(buffer.array(), (int) (from - bufferStart), (int) (to - from));
            return;
        }
        byte[] bytes = new byte[(int) Math.min(BUFFER_BYTES, to - from)];
        for (long at = from; at < to; ) {
            int count = (int) Math.min(bytes.length, to - at);
            FileBytes.read(channel, at, ByteBuffer.wrap(bytes, 0, count));
            out.write(bytes, 0, count);
            at += count;
        }
    }

    private int readByte() throws IOException {
        if (position < bufferStart || position >= bufferStart + buffer.limit()) {
            if (position >= size) {
                throw new EOFException();
            }
            buffer.clear();
            buffer.limit((int) Math.min(BUFFER_BYTES, size - position));
            FileBytes.read(channel, position, buffer);
            buffer.flip();
            bufferStart = position;
        }
        return buffer.get((int) (position++ - bufferStart)) & 0xFF;
    }
}
