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
     * @param events events before it
     * @param offset bytes before it
     * @param refused how many events before it Kafka would not take
     */
    record Position(long events, long offset, long refused) {
        static final Position START = new Position(0, 0, 0);
    }

    /** One event that was sent. */
    static final class Sent {
        private final long end;
        private boolean settled;
        private boolean refused;

        private Sent(long end) {
            this.end = end;
        }
    }

    private final Deque<Sent> open = new ArrayDeque<>();
    private long events;
    private long offset;
    private long refused;
    private long awaited = Long.MAX_VALUE;
    private boolean finished;

    /** Forgets what is on its way and begins at a position. */
    synchronized void restart(Position from) {
        open.clear();
        events = from.events();
        offset = from.offset();
        refused = from.refused();
        notifyAll();
    }

    /** Notes an event that is about to be sent; events come in order. */
    synchronized Sent send(long end) {
        Sent sent = new Sent(end);
        open.add(sent);
        return sent;
    }

    /** Notes that an event has arrived, or will never be taken. */
    synchronized void settle(Sent sent, boolean wasRefused) {
        sent.settled = true;
        sent.refused = wasRefused;
        while (!open.isEmpty() && open.peek().settled) {
            Sent next = open.remove();
            events++;
            offset = next.end;
            refused += next.refused ? 1 : 0;
        }
        if (offset >= awaited) {
            notifyAll();
        }
    }

    /** Notes that nothing more will be sent. */
    synchronized void finish() {
        finished = true;
        notifyAll();
    }

    synchronized Position position() {
        return new Position(events, offset, refused);
    }

    synchronized int onTheirWay() {
        return open.size();
    }

    /** Waits until the position has reached an offset, or nothing more will be sent; returns whether it was so in time. */
    synchronized boolean await(long end, long deadlineNanos) throws InterruptedException {
        awaited = end;
        try {
            while (offset < end && !finished) {
                long millis = (deadlineNanos - System.nanoTime()) / 1_000_000;
                if (millis <= 0) {
                    return false;
                }
                wait(millis);
            }
            return true;
        } finally {
            awaited = Long.MAX_VALUE;
        }
    }
}
