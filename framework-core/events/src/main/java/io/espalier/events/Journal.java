package io.espalier.events;

import io.espalier.events.v1.PruningEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The event log of one run: a file of length-delimited {@link PruningEvent} messages, appended one by one.
 *
 * <p>Every event is given to the operating system before {@link #accept} returns. When the disk refuses, the run goes
 * on: the file keeps its whole records, nothing more is written (a hole would hide what is missing), and
 * {@link #failure()} says what was lost and why. Thread-safe.
 */
public final class Journal implements EventSink, AutoCloseable {

    private final String name;
    private final JournalOutput output;
    private long written;
    private long lost;
    private String reason;
    private boolean closed;

    Journal(String name, JournalOutput output) {
        this.name = name;
        this.output = output;
    }

    /**
     * Opens the journal of a new run; a journal of an earlier run in the same place is replaced.
     *
     * @throws IOException when the file cannot be opened for writing
     */
    public static Journal create(Path file) throws IOException {
        return new Journal("the journal " + file, JournalOutput.open(file));
    }

    @Override
    public synchronized void accept(PruningEvent event) {
        if (reason != null || closed) {
            lose(closed ? "it was closed before the run ended" : reason);
            return;
        }
        try {
            byte[] record = record(event);
            output.write(record);
            written += record.length;
        } catch (IOException e) {
            lose(e.toString());
            dropTornRecord();
        }
    }

    @Override
    public synchronized Optional<EventLoss> failure() {
        return reason == null ? Optional.empty() : Optional.of(new EventLoss(name, lost, reason));
    }

    /** Closes the file; trouble in doing so is a {@link #failure()} too. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            output.close();
        } catch (IOException e) {
            reason = reason == null ? e.toString() : reason;
        }
    }

    private void lose(String why) {
        lost++;
        reason = reason == null ? why : reason;
    }

    private void dropTornRecord() {
        try {
            output.truncate(written);
        } catch (IOException e) {
            // Readers stop at a torn record by themselves; the loss has been reported.
            reason = reason + ", and the torn record could not be removed (" + e.getMessage() + ")";
        }
    }

    private static byte[] record(PruningEvent event) throws IOException {
        ByteArrayOutputStream record = new ByteArrayOutputStream(event.getSerializedSize() + 5);
        event.writeDelimitedTo(record);
        return record.toByteArray();
    }
}
