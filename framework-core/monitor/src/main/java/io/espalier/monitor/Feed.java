package io.espalier.monitor;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/**
 * Tells open pages which runs have changed, by server-sent events.
 *
 * <p>A page that is slow misses states in between and never the last: for each page only the ids of changed runs are
 * remembered. Thread-safe; the reporter of a change never waits for a page.
 */
final class Feed implements LocalServer.Page {

    static final int MAX_PAGES = 32;

    private static final long PULSE_MILLIS = 10_000;
    private static final long BREATH_MILLIS = 150;
    private static final int BATCH = 200;

    private final Function<String, String> toJson;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private volatile boolean closed;

    /**
     * A feed.
     *
     * @param toJson a run in short as one line; empty when it was forgotten
     */
    Feed(Function<String, String> toJson) {
        this.toJson = toJson;
    }

    void changed(String runId) {
        listeners.forEach(listener -> listener.add(runId));
    }

    @Override
    public void answer(LocalServer.Exchange exchange, String rest) throws IOException {
        Listener listener = new Listener();
        synchronized (this) {
            if (listeners.size() >= MAX_PAGES) {
                exchange.send(503, MAX_PAGES + " pages are open already; close one");
                return;
            }
            listeners.add(listener);
        }
        try {
            serve(exchange.stream("text/event-stream"), listener);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            listeners.remove(listener);
        }
    }

    private void serve(OutputStream out, Listener listener) throws IOException, InterruptedException {
        write(out, "retry: 2000\n\n");
        while (!closed) {
            StringBuilder messages = new StringBuilder();
            for (String id : listener.next()) {
                String json = toJson.apply(id);
                if (!json.isEmpty()) {
                    messages.append("event: run\ndata: ").append(json).append("\n\n");
                }
            }
            write(out, messages.isEmpty() ? ": nothing new\n\n" : messages.toString());
            Thread.sleep(BREATH_MILLIS);
        }
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    void close() {
        closed = true;
    }

    /** The changes that one page has not received yet. */
    private static final class Listener {

        private final Set<String> changed = new LinkedHashSet<>();

        synchronized void add(String runId) {
            if (changed.size() < Runs.MAX_RUNS) {
                changed.add(runId);
                notifyAll();
            }
        }

        synchronized List<String> next() throws InterruptedException {
            if (changed.isEmpty()) {
                wait(PULSE_MILLIS);
            }
            List<String> batch = new ArrayList<>(changed.stream().limit(BATCH).toList());
            batch.forEach(changed::remove);
            return batch;
        }
    }
}
