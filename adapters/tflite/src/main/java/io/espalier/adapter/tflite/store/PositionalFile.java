package io.espalier.adapter.tflite.store;

import io.espalier.adapter.support.FileBytes;
import io.espalier.spi.InvalidInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** A file that is read at given places. Thread-safe. */
final class PositionalFile implements AutoCloseable {

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
            FileBytes.read(channel, place, target);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String digest() {
        try {
            return FileBytes.digest(List.of(channel));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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
