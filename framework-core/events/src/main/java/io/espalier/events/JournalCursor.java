package io.espalier.events;

import com.google.protobuf.InvalidProtocolBufferException;
import io.espalier.events.v1.PruningEvent;
import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A position between two records of a journal, moving forward; works while the journal is being written.
 *
 * <p>Checks that records follow each other: one run id, sequence numbers without gaps, from 1 at the beginning of the
 * file. Not thread-safe.
 */
public final class JournalCursor implements AutoCloseable {

    private static final int MAX_LENGTH_BYTES = 5;

    private final Path path;
    private final RandomAccessFile file;
    private long offset;
    private PruningEvent previous;

    /**
     * Opens a journal.
     *
     * @param offset where to begin: 0, or what {@link #offset()} said before
     */
    public JournalCursor(Path path, long offset) throws IOException {
        this.path = path;
        this.file = new RandomAccessFile(path.toFile(), "r");
        this.offset = offset;
    }

    /** Bytes of whole records behind this position. */
    public long offset() {
        return offset;
    }

    /** Bytes between this position and the present end of the file. */
    public long remaining() throws IOException {
        return file.length() - offset;
    }

    /**
     * The next event, and moves behind it; empty when no whole record lies there (yet).
     *
     * @throws DamagedJournalException when what lies there is not the next record of this journal
     */
    public Optional<PruningEvent> next() throws IOException {
        long available = remaining();
        if (available < 0) {
            throw damaged("the file is shorter than what was read from it; it was replaced");
        }
        if (available == 0) {
            return Optional.empty();
        }
        file.seek(offset);
        byte[] head = bytes((int) Math.min(MAX_LENGTH_BYTES, available));
        int lengthBytes = lengthBytes(head);
        if (lengthBytes == 0) {
            return Optional.empty();
        }
        long length = length(head, lengthBytes);
        if (length == 0) {
            throw damaged("an empty record");
        }
        if (length > available - lengthBytes) {
            return Optional.empty();
        }
        file.seek(offset + lengthBytes);
        PruningEvent event = checked(bytes((int) length));
        offset += lengthBytes + length;
        previous = event;
        return Optional.of(event);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private byte[] bytes(int count) throws IOException {
        byte[] bytes = new byte[count];
        try {
            file.readFully(bytes);
        } catch (EOFException e) {
            throw damaged("the file became shorter while it was read; it was replaced");
        }
        return bytes;
    }

    /** Bytes of the varint at the beginning, 0 when its end is not there. */
    private int lengthBytes(byte[] head) throws IOException {
        for (int i = 0; i < head.length; i++) {
            if (head[i] >= 0) {
                return i + 1;
            }
        }
        if (head.length == MAX_LENGTH_BYTES) {
            throw damaged("the length of a record is not a number");
        }
        return 0;
    }

    private long length(byte[] head, int lengthBytes) throws IOException {
        long length = 0;
        for (int i = 0; i < lengthBytes; i++) {
            length |= (long) (head[i] & 0x7F) << (7 * i);
        }
        if (length > Integer.MAX_VALUE - 16) {
            throw damaged("a record of " + length + " bytes");
        }
        return length;
    }

    private PruningEvent checked(byte[] record) throws IOException {
        PruningEvent event;
        try {
            event = PruningEvent.parseFrom(record);
        } catch (InvalidProtocolBufferException e) {
            throw damaged("a record that is not an event");
        }
        if (previous != null && !previous.getRunId().equals(event.getRunId())) {
            throw damaged("an event of another run");
        }
        if (event.getRunId().isEmpty() || event.getSequence() < 1) {
            throw damaged("a record that is not an event");
        }
        long expected = previous != null ? previous.getSequence() + 1 : offset == 0 ? 1 : event.getSequence();
        if (event.getSequence() != expected) {
            throw damaged("event " + event.getSequence() + " where event " + expected + " was expected");
        }
        return event;
    }

    private DamagedJournalException damaged(String what) {
        return new DamagedJournalException(path, offset, what);
    }
}
