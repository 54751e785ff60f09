package io.espalier.adapter.tflite.store;

import io.espalier.spi.InvalidInputException;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A file that is read at given places. Thread-safe. */
final class PositionalFile implements AutoCloseable {

    private static final int BLOCK_BYTES = 1 << 16;

    private final Path path;
    private final FileChannel channel;
    private final long size;

    private PositionalFile(Path path, FileChannel channel, long size) {
        this.path = path;
        this.channel = channel;
        this.size = size;
    }

    static PositionalFile open(Path path) {
        try {
            if (Files.isDirectory(path)) {
                throw new InvalidInputException(path + " is a folder; name a model file.");
            }
            FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
            return new PositionalFile(path, channel, channel.size());
        } catch (NoSuchFileException e) {
            throw new InvalidInputException("The file " + path + " does not exist; check its name.", e);
        } catch (AccessDeniedException e) {
            throw new InvalidInputException("The file " + path + " may not be read; check its permissions.", e);
        } catch (IOException e) {
            throw new InvalidInputException("The file " + path + " cannot be read: " + e.getMessage() + ".", e);
        }
    }

    Path path() {
        return path;
    }

    long size() {
        return size;
    }

    /** Fills the target from a place on. */
    void read(long place, ByteBuffer target) {
        try {
            long at = place;
            while (target.hasRemaining()) {
                int count = channel.read(target, at);
                if (count < 0) {
                    throw new EOFException(path + " has become shorter while it was open");
                }
                at += count;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String digest() {
        MessageDigest digest = sha256();
        ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
        for (long at = 0; at < size; at += block.limit()) {
            block.clear().limit((int) Math.min(BLOCK_BYTES, size - at));
            read(at, block);
            digest.update(block.flip());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
