package io.espalier.monitor;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Closes connections that take too long for a request, however often they send a byte of it, and
 * those that ask nothing any more. Answers are not its concern: one of which nothing is taken for so long is given up by
 * the server itself. Thread-safe.
 */
final class SlowConnections extends AbstractLifeCycle implements Connection.Listener {

    private static final long CHECK_MILLIS = 1000;

    private final Server server;
    private final Duration patience;
    private final Map<Connection, Waiting> connections = new ConcurrentHashMap<>();
    private Scheduler.Task next;

    /**
     * What a connection was seen to wait for.
     *
     * @param requests how many it had sent then
     * @param since when that was first seen, by the nanosecond clock
     */
    private record Waiting(long requests, long since) {}

    SlowConnections(Server server, Duration patience) {
        this.server = server;
        this.patience = patience;
    }

    @Override
    public void onOpened(Connection connection) {
        connections.put(connection, new Waiting(0, System.nanoTime()));
    }

    @Override
    public void onClosed(Connection connection) {
        connections.remove(connection);
    }

    @Override
    protected synchronized void doStart() {
        next = server.getScheduler().schedule(this::check, CHECK_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    protected synchronized void doStop() {
        next.cancel();
    }

    private synchronized void check() {
        if (isRunning() || isStarting()) {
            long now = System.nanoTime();
            connections.replaceAll((connection, waiting) -> seen(connection, waiting, now));
            connections.forEach((connection, waiting) -> {
                if (now - waiting.since() > patience.toNanos()) {
                    connection.getEndPoint().close();
                }
            });
            next = server.getScheduler().schedule(this::check, CHECK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private static Waiting seen(Connection connection, Waiting before, long now) {
        boolean answering = connection.getMessagesIn() > connection.getMessagesOut();
        return answering || connection.getMessagesIn() != before.requests()
                ? new Waiting(connection.getMessagesIn(), now)
                : before;
    }
}
