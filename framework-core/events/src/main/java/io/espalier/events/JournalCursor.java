package io.espalier.events;

import com.google.protobuf.InvalidProtocolBufferException;
import io.espalier.events.v1.PruningEvent;
import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * A position between two records of a journal, moving forward; works while the journal is being written.
 *
 * <p>Checks that records follow each other: one run id, sequence numbers without gaps, from 1 at the beginning of the
 * file. Not thread-safe.
 */
public final class JournalCursor implements AutoCloseable {

    private static final int MAX_LENGTH_BYTES = 5;
    private static final int WINDOW_BYTES = 64 * 1024;

    private final Path path;
    private final RandomAccessFile file;
    private long offset;
    /** The run and number of the event that was read last; none and 0 when nothing was, or it was skipped. */
    private String previousRun = "";

    private long previousSequence;
    private final EventEnvelope envelope = new EventEnvelope();
    /** A stretch of the file, read at once. */
    private byte[] window = new byte[0];

    private long windowStart;
    private int windowLength;
    private int recordStart;
    private int recordLength;

    /**
     * Opens a journal.
     *
     * @param offset where to begin: 0, or what {@link #offset()} said before
     */
    public JournalCursor(Path path, long offset) throws IOException {
        this.path = path;
        this.file = new RandomAccessFile(path.toFile(), "r");
        this.offset = offset;
        this.windowStart = offset;
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
        int lengthBytes = wholeRecord();
        if (lengthBytes == 0) {
            return Optional.empty();
        }
        int from = position() + lengthBytes;
        int length = (int) length(lengthBytes);
        PruningEvent event = parsed(from, length);
        moveBehind(event.getRunId(), event.getSequence(), from, length);
        return Optional.of(event);
    }

    /**
     * Moves behind the next event as {@link #next} does, but leaves its payload as it is; empty when no whole record lies
     * there (yet).
     *
     * @return what surrounds the payload, until this is asked again
     * @throws DamagedJournalException when what lies there is not the next record of this journal
     */
    public Optional<EventEnvelope> nextEnvelope() throws IOException {
        int lengthBytes = wholeRecord();
        if (lengthBytes == 0) {
            return Optional.empty();
        }
        int from = position() + lengthBytes;
        int length = (int) length(lengthBytes);
        try {
            envelope.read(window, from, length);
        } catch (InvalidProtocolBufferException e) {
            throw damaged("a record that is not an event");
        }
        moveBehind(envelope.runId(), envelope.sequence(), from, length);
        return Optional.of(envelope);
    }

    private void moveBehind(String run, long sequence, int from, int length) throws IOException {
        check(run, sequence);
        recordStart = from;
        recordLength = length;
        offset = windowStart + from + length;
        previousRun = run;
        previousSequence = sequence;
    }

    /**
     * Moves behind the next whole record without looking into it, which is much quicker; what is read next is then not
     * compared with what came before.
     *
     * @return whether a whole record lay there
     * @throws DamagedJournalException when what lies there cannot be a record
     */
    public boolean skip() throws IOException {
        int lengthBytes = wholeRecord();
        if (lengthBytes == 0) {
            return false;
        }
        offset += lengthBytes + length(lengthBytes);
        recordLength = 0;
        previousRun = "";
        previousSequence = 0;
        return true;
    }

    /** Brings the next record into the window; returns how many bytes its length takes, 0 when it is not whole. */
    private int wholeRecord() throws IOException {
        int lengthBytes = lengthBytes((int) ahead(MAX_LENGTH_BYTES));
        if (lengthBytes == 0) {
            return 0;
        }
        long length = length(lengthBytes);
        if (length == 0) {
            throw damaged("an empty record");
        }
        return ahead(lengthBytes + length) < lengthBytes + length ? 0 : lengthBytes;
    }

    /**
     * The event that was read last, as it lies in the file.
     *
     * @throws IllegalStateException when no event was read since the last call that found none
     */
    public byte[] record() {
        if (recordLength == 0) {
            throw new IllegalStateException("no event was read");
        }
        return Arrays.copyOfRange(window, recordStart, recordStart + recordLength);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    /** Bytes of the file that lie in the window behind this position: as many as are wanted, or all there are. */
    private long ahead(long wanted) throws IOException {
        long inWindow = windowStart + windowLength - offset;
        if (inWindow >= wanted) {
            return wanted;
        }
        long available = remaining();
        if (available < 0) {
            throw damaged("the file is shorter than what was read from it; it was replaced");
        }
        if (available > inWindow) {
            fill((int) Math.min(available, Math.max(wanted, WINDOW_BYTES)));
        }
        return Math.min(wanted, windowStart + windowLength - offset);
    }

    private void fill(int count) throws IOException {
        recordLength = 0;
        window = window.length >= count ? window : new byte[Math.max(count, WINDOW_BYTES)];
        windowStart = offset;
        windowLength = 0;
        file.seek(offset);
        try {
            file.readFully(window, 0, count);
        } catch (EOFException e) {
            throw damaged("the file became shorter while it was read; it was replaced");
        }
        windowLength = count;
    }

    private int position() {
        return (int) (offset - windowStart);
    }

    /** Bytes of the varint at the beginning, 0 when its end is not there. */
    private int lengthBytes(int available) throws IOException {
        for (int i = 0; i < available; i++) {
            if (window[position() + i] >= 0) {
                return i + 1;
            }
        }
        if (available == MAX_LENGTH_BYTES) {
            throw damaged("the length of a record is not a number");
        }
        return 0;
    }

    private long length(int lengthBytes) throws IOException {
        long length = 0;
        for (int i = 0; i < lengthBytes; i++) {
            length |= (long) (window[position() + i] & 0x7F) << (7 * i);
        }
        if (length > Integer.MAX_VALUE - 16) {
            throw damaged("a record of " + length + " bytes");
        }
        return length;
    }

    private PruningEvent parsed(int from, int length) throws IOException {
        try {
            return PruningEvent.parser().parseFrom(window, from, length);
        } catch (InvalidProtocolBufferException e) {
            throw damaged("a record that is not an event");
        }
    }

    private void check(String run, long sequence) throws IOException {
        if (previousSequence > 0 && !previousRun.equals(run)) {
            throw damaged("an event of another run");
        }
        if (run.isEmpty() || sequence < 1) {
            throw damaged("a record that is not an event");
        }
        long expected = previousSequence > 0 ? previousSequence + 1 : offset == 0 ? 1 : sequence;
        if (sequence != expected) {
            throw damaged("event " + sequence + " where event " + expected + " was expected");
        }
    }

    private DamagedJournalException damaged(String what) {
        return new DamagedJournalException(path, offset, what);
    }
}
