package io.espalier.adapter.support;

import io.espalier.spi.file.Sha256;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.security.MessageDigest;
import java.util.List;

/** Reads, copies and digests of files that either do all of the work or throw. */
public final class FileBytes {

    /** The JDK keeps a direct copy of the largest heap buffer a thread has read into; this bounds it. */
    private static final int CHUNK_BYTES = 1 << 20;

    private static final int BLOCK_BYTES = 1 << 16;

    private FileBytes() {}

    /** SHA-256 over files, one after the other, in lower-case hexadecimal. */
    public static String digest(List<FileChannel> files) throws IOException {
        MessageDigest digest = Sha256.digest();
        ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
        for (FileChannel file : files) {
            long size = file.size();
            for (long at = 0; at < size; at += block.limit()) {
                block.clear().limit((int) Math.min(BLOCK_BYTES, size - at));
                read(file, at, block);
                digest.update(block.flip());
            }
        }
        return Sha256.hexadecimal(digest);
    }

    /** Fills a buffer from its position to its limit. */
    public static void read(FileChannel channel, long offset, ByteBuffer target) throws IOException {
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
    public static void transfer(FileChannel source, long offset, long length, WritableByteChannel target)
            throws IOException {
        for (long done = 0; done < length; ) {
            long count = source.transferTo(offset + done, Math.min(length - done, CHUNK_BYTES * 8L), target);
            if (count <= 0) {
                throw new EOFException("the file has become shorter than " + (offset + length) + " bytes");
            }
            done += count;
        }
    }

    /** Writes all of a buffer. */
    public static void write(WritableByteChannel target, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            target.write(bytes);
        }
    }
}
