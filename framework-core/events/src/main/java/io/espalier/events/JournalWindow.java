package io.espalier.events;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** A file of which a stretch lies in memory, moving forward. Not thread-safe. */
final class JournalWindow implements AutoCloseable {

    private static final int BYTES = 64 * 1024;

    private final Path path;
    private final RandomAccessFile file;
    private byte[] bytes = new byte[0];
    private long start;
    private int length;

    /**
     * Opens a file.
     *
     * @throws IOException when it cannot be read, or is none: reading a pipe or a device might never return
     */
    JournalWindow(Path path) throws IOException {
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw JournalException.noFile(path, Files.isDirectory(path) ? "a folder" : "a pipe or a device");
        }
        this.path = path;
        this.file = new RandomAccessFile(path.toFile(), "r");
    }

    /** Present length of the file. */
    long size() throws IOException {
        return file.length();
    }

    /**
     * Brings a stretch into memory.
     *
     * @return how many bytes of it are there: as many as are wanted, or all there are
     */
    int load(long offset, int wanted) throws IOException {
        long inWindow = offset < start ? -1 : start + length - offset;
        if (inWindow >= wanted) {
            return wanted;
        }
        long available = size() - offset;
        if (available < 0) {
            throw JournalException.replaced(path, offset);
        }
        if (available > inWindow) {
            fill(offset, (int) Math.min(available, Math.max(wanted, BYTES)));
        }
        return (int) Math.min(wanted, start + length - offset);
    }

    private void fill(long offset, int count) throws IOException {
        bytes = bytes.length >= count ? bytes : new byte[Math.max(count, BYTES)];
        start = offset;
        length = 0;
        file.seek(offset);
        try {
            file.readFully(bytes, 0, count);
        } catch (EOFException e) {
            throw JournalException.replaced(path, offset + count);
        }
        length = count;
    }

    /** What is in memory; valid until the next load. */
    byte[] bytes() {
        return bytes;
    }

    /** Where an offset of the file lies in {@link #bytes()}; only of a stretch that was loaded. */
    int index(long offset) {
        return (int) (offset - start);
    }

    byte at(long offset) {
        return bytes[index(offset)];
    }

    byte[] copy(long offset, int count) {
        return Arrays.copyOfRange(bytes, index(offset), index(offset) + count);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
