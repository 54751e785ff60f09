package io.espalier.events;

import io.espalier.events.v1.PruningEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A position in a journal, moving from event to event; works while the journal is being written.
 *
 * <p>The file may hold anything. What is not an event of the journal's run, or one that was read before, is passed over
 * and reported; reading continues with the next event that lies behind it. Not thread-safe.
 */
public final class JournalCursor implements AutoCloseable {

    /** A file without an event for so long is not searched any further. */
    private static final int MAX_SEARCHED = 16 * 1024 * 1024;

    /** After so many the lengths of further ones are believed, so that made-up records cannot be read over and over. */
    private static final int MAX_FAILURES = 64;

    private final Path path;
    private final JournalWindow window;
    private final Consumer<PassedOver> onPassedOver;
    private final EventEnvelope envelope = new EventEnvelope();
    private final EventEnvelope probe = new EventEnvelope();
    private final SequenceNumbers numbers = new SequenceNumbers();
    private String run = "";
    private long offset;
    private long recordStart;
    private int recordLength;
    /** Up to where there is no event behind this position, and how long the file was when that was found. */
    private long searchedTo;

    private long searchedSize;
    /** Records since the last event that began like one and were none. */
    private int failures;

    /** Why what lies at this position is not the next event; empty while it may become one. */
    private String obstacle = "";

    /**
     * Opens a journal; what is passed over is reported to nobody.
     *
     * @param offset where to begin: 0, or what {@link #offset()} said before
     */
    public JournalCursor(Path path, long offset) throws IOException {
        this(path, offset, passed -> {});
    }

    /**
     * Opens a journal.
     *
     * @param offset where to begin: 0, or what {@link #offset()} said before
     * @param onPassedOver receives each stretch that is not an event, before the event behind it is returned
     * @throws IOException when it cannot be opened, or is not a file
     */
    public JournalCursor(Path path, long offset, Consumer<PassedOver> onPassedOver) throws IOException {
        this.path = path;
        this.window = new JournalWindow(path);
        this.offset = offset;
        this.onPassedOver = onPassedOver;
    }

    /** Bytes of events, and of what was passed over, before this position. */
    public long offset() {
        return offset;
    }

    /** Bytes between this position and the present end of the file. */
    public long remaining() throws IOException {
        return window.size() - offset;
    }

    /**
     * What lies at this position after {@link #next} found no event, as a sentence without a full stop; empty when the file
     * ends here.
     */
    public Optional<String> rest() throws IOException {
        if (remaining() <= 0) {
            return Optional.empty();
        }
        return Optional.of(
                obstacle.isEmpty()
                        ? "the journal " + path + " was cut in the middle of an event at byte " + offset
                                + "; what lies before is complete"
                        : "the journal " + path + " is damaged at byte " + offset + ": " + obstacle
                                + ", and no event follows");
    }

    /** Why what lies at this position cannot become an event; empty when it can. */
    Optional<String> obstacle() {
        return obstacle.isEmpty() ? Optional.empty() : Optional.of(obstacle);
    }

    /**
     * The next event, and moves behind it; empty when none lies there (yet).
     *
     * @throws JournalException when the file is shorter than what was read from it
     */
    public Optional<PruningEvent> next() throws IOException {
        while (nextEnvelope().isPresent()) {
            try {
                return Optional.of(EventDecoder.decode(window.bytes(), window.index(recordStart), recordLength));
            } catch (UnreadableEventException e) {
                onPassedOver.accept(new PassedOver(recordStart, recordLength, e.getMessage()));
            }
        }
        return Optional.empty();
    }

    /**
     * Moves behind the next event as {@link #next} does, but leaves its payload as it is; empty when none lies there
     * (yet).
     *
     * @return what surrounds the payload, until this is asked again
     * @throws JournalException when the file is shorter than what was read from it
     */
    public Optional<EventEnvelope> nextEnvelope() throws IOException {
        recordLength = 0;
        do {
            RecordFrame frame = RecordFrame.at(window, offset);
            obstacle = frame.whole() ? read(frame) : frame.impossible() ? "not an event" : "";
            if (frame.whole() && obstacle.isEmpty()) {
                return Optional.of(envelope);
            }
            if (!passOver(frame)) {
                return Optional.empty();
            }
        } while (true);
    }

    /** Reads the record at this position and moves behind it; returns why it is not the next event, empty when it is. */
    private String read(RecordFrame frame) throws IOException {
        long from = offset + frame.lengthBytes();
        if (!RecordFrame.likely(window, offset) && search(offset + frame.bytes()) >= 0) {
            return "not an event";
        }
        window.load(offset, frame.bytes());
        try {
            envelope.read(window.bytes(), window.index(from), frame.length());
        } catch (UnreadableEventException e) {
            return e.getMessage();
        }
        if (!run.isEmpty() && !run.equals(envelope.runId())) {
            return "an event of another run";
        }
        if (!numbers.add(envelope.sequence())) {
            return "an event that came before";
        }
        run = envelope.runId();
        recordStart = from;
        recordLength = frame.length();
        failures = 0;
        offset = from + recordLength;
        return "";
    }

    /** Moves to the next event behind what is none; returns whether there is one, or room for one. */
    private boolean passOver(RecordFrame frame) throws IOException {
        long end = frame.whole() ? offset + frame.bytes() : window.size();
        long next = search(end);
        if (next < 0 && frame.whole()) {
            next = end;
        }
        if (next < 0) {
            return false;
        }
        onPassedOver.accept(
                new PassedOver(offset, next - offset, obstacle.isEmpty() ? "an event that was cut off" : obstacle));
        offset = next;
        searchedTo = 0;
        return true;
    }

    /** Offset of the first record behind this position, and before an end, that is surely an event; -1 when there is none. */
    private long search(long end) throws IOException {
        if (end == searchedSize && searchedTo > offset) {
            return -1;
        }
        long limit = Math.min(end, offset + MAX_SEARCHED);
        long incomplete = limit - RecordFrame.MAX_LENGTH_BYTES;
        for (long at = Math.max(offset + 1, searchedTo); at < limit; at++) {
            if (RecordFrame.likely(window, at)) {
                RecordFrame frame = RecordFrame.at(window, at);
                if (frame.namesItself(window, at, run)) {
                    if (isEvent(at, frame)) {
                        return at;
                    }
                    at += ++failures > MAX_FAILURES ? frame.bytes() - 1 : 0;
                } else if (!frame.whole() && !frame.impossible()) {
                    incomplete = Math.min(incomplete, at);
                }
            }
        }
        searchedTo = Math.max(offset + 1, incomplete);
        searchedSize = end;
        return -1;
    }

    private boolean isEvent(long at, RecordFrame frame) {
        try {
            probe.read(window.bytes(), window.index(at + frame.lengthBytes()), frame.length());
            return true;
        } catch (UnreadableEventException e) {
            return false;
        }
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
        return window.copy(recordStart, recordLength);
    }

    @Override
    public void close() throws IOException {
        window.close();
    }
}
