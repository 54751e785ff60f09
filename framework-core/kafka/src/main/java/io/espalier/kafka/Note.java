package io.espalier.kafka;

import io.espalier.kafka.Progress.Position;
import java.io.IOException;

/**
 * How far a forwarder got, noted until it is closed. A thread that comes to its end later than whoever closed the
 * forwarder would wait must not bring back a note that was deleted, or overwrite that of the next forwarder. Thread-safe.
 */
final class Note {

    private boolean closed;

    synchronized void save(Checkpoint checkpoint, Position position) throws IOException {
        if (!closed) {
            checkpoint.save(position);
        }
    }

    /** Returns when nothing is being written, and nothing will be. */
    synchronized void close() {
        closed = true;
    }
}
