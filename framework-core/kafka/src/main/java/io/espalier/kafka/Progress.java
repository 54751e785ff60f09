package io.espalier.kafka;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What Kafka has acknowledged so far: everything up to one event, without holes. Thread-safe.
 *
 * <p>Acknowledgements of records that were sent together may come in any order; the position moves only over those
 * before which none is missing.
 */
final class Progress {

    /**
     * A place in a journal.
     *
     * @param sequence the last event before it, 0 at the beginning
     * @param offset bytes before it
     * @param refused how many events before it Kafka would not take
     */
    record Position(long sequence, long offset, long refused) {
        static final Position START = new Position(0, 0, 0);
    }

    /** One event that was sent. */
    static final class Sent {
        private final long sequence;
        private final long end;
        private boolean settled;
        private boolean refused;

        private Sent(long sequence, long end) {
            this.sequence = sequence;
            this.end = end;
        }
    }

    private final Deque<Sent> open = new ArrayDeque<>();
    private Position position = Position.START;

    /** Forgets what is on its way and begins at a position. */
    synchronized void restart(Position from) {
        open.clear();
        position = from;
        notifyAll();
    }

    /** Notes an event that is about to be sent; events come in order. */
    synchronized Sent send(long sequence, long end) {
        Sent sent = new Sent(sequence, end);
        open.add(sent);
        return sent;
    }

    /** Notes that an event has arrived, or will never be taken. */
    synchronized void settle(Sent sent, boolean wasRefused) {
        sent.settled = true;
        sent.refused = wasRefused;
        while (!open.isEmpty() && open.peek().settled) {
            Sent next = open.remove();
            position = new Position(next.sequence, next.end, position.refused() + (next.refused ? 1 : 0));
        }
        notifyAll();
    }

    synchronized Position position() {
        return position;
    }

    synchronized int onTheirWay() {
        return open.size();
    }

    /** Waits until the position has reached an offset; returns whether it has. */
    synchronized boolean await(long offset, long deadlineNanos) throws InterruptedException {
        while (position.offset() < offset) {
            long millis = (deadlineNanos - System.nanoTime()) / 1_000_000;
            if (millis <= 0) {
                return false;
            }
            wait(millis);
        }
        return true;
    }
}
