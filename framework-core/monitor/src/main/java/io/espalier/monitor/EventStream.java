package io.espalier.monitor;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** An answer that goes on for as long as somebody reads it, one write at a time. Thread-safe. */
final class EventStream {

    private enum State {
        IDLE,
        WRITING,
        CLOSED
    }

    private final Connection connection;
    private final Response response;
    private final Callback callback;
    private State state = State.IDLE;
    private long since = System.nanoTime();

    EventStream(Connection connection, Response response, Callback callback) {
        this.connection = connection;
        this.response = response;
        this.callback = callback;
    }

    /** Sends bytes; only when the stream is {@linkplain #idle idle}. */
    void write(byte[] bytes) {
        enter(State.WRITING);
        response.write(false, ByteBuffer.wrap(bytes), Callback.from(this::written, this::failed));
    }

    private void written() {
        enter(State.IDLE);
    }

    private void failed(Throwable failure) {
        if (enter(State.CLOSED)) {
            callback.failed(failure);
        }
    }

    private synchronized boolean enter(State next) {
        if (state == State.CLOSED) {
            return false;
        }
        state = next;
        since = System.nanoTime();
        return true;
    }

    synchronized boolean closed() {
        return state == State.CLOSED;
    }

    /** Whether everything that was written has been taken. */
    synchronized boolean idle() {
        return state == State.IDLE;
    }

    /** For how long it has been idle, or has been writing. */
    synchronized Duration age() {
        return Duration.ofNanos(System.nanoTime() - since);
    }

    /** Ends the answer; whatever is on its way is given up. */
    void close() {
        if (enter(State.CLOSED)) {
            connection.close();
            callback.failed(new IllegalStateException("the stream was closed"));
        }
    }
}
