package io.espalier.adapter.onnx.store;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;

/** Positional reads and copies that either do all of the work or throw. */
final class FileBytes {

    /** The JDK keeps a direct copy of the largest heap buffer a thread has read into; this bounds it. */
    private static final int CHUNK_BYTES = 1 << 20;

    private FileBytes() {}

    /** Fills a buffer from its position to its limit. */
    static void read(FileChannel channel, long offset, ByteBuffer target) throws IOException {
        long at = offset;
        int end = target.limit();
        while (target.position() < end) {
            target.limit(Math.min(end, target.position() + CHUNK_BYTES));
            int count;
            try {
                count = channel.read(target, at);
            } finally {
                target.limit(end);
            }
            if (count < 0) {
                throw new EOFException("the file has become shorter than " + (at + target.remaining()) + " bytes");
            }
            at += count;
        }
    }

    /** Copies a range of a file. */
    static void transfer(FileChannel source, long offset, long length, WritableByteChannel target) throws IOException {
        for (long done = 0; done < length; ) {
            long count = source.transferTo(offset + done, Math.min(length - done, CHUNK_BYTES * 8L), target);
            if (count <= 0) {
                throw new EOFException("the file has become shorter than " + (offset + length) + " bytes");
            }
            done += count;
        }
    }

    /** Writes all of a buffer. */
    static void write(WritableByteChannel target, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            target.write(bytes);
        }
    }
}
