package io.espalier.monitor;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Tells open pages which runs have changed, by server-sent events; one thread for all pages.
 *
 * <p>A page that is slow misses states in between and never the last: what is remembered for each page is up to which
 * change it has heard, and the {@value #MAX_BYTES} bytes at most that are on their way to it. One that takes none of them for
 * {@link #PATIENCE} is dropped; its browser connects again and asks for everything. Thread-safe; the reporter of a change
 * never waits for a page.
 */
final class Feed implements Page {

    static final int MAX_PAGES = 256;
    static final int MAX_BYTES = 64 * 1024;
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Duration PULSE = Duration.ofSeconds(10);
    private static final long TICK_MILLIS = 150;
    private static final byte[] BEGIN = bytes("retry: 2000\n\n");
    private static final byte[] NOTHING = bytes(": nothing new\n\n");

    private final Function<String, String> toJson;
    private final Supplier<String> health;
    private final SourceHealth reports;
    private final Map<EventStream, Heard> pages = new ConcurrentHashMap<>();
    private final AtomicLong dropped = new AtomicLong();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(Feed::thread);

    /** Runs by the number of their last change, and the other way round; of as many runs as are known. */
    private final TreeMap<Long, String> changes = new TreeMap<>();

    private final Map<String, Long> lastChanges = new HashMap<>();
    private long lastChange;

    /** What a page has heard. */
    private static final class Heard {
        private long change;
        private String health = "";
    }

    /**
     * A feed.
     *
     * @param toJson a run in short as one line; empty when it was forgotten
     * @param health whether events are read, as one line of JSON
     * @param reports receives what goes wrong here
     */
    Feed(Function<String, String> toJson, Supplier<String> health, SourceHealth reports) {
        this.toJson = toJson;
        this.health = health;
        this.reports = reports;
        clock.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "espalier-feed");
        thread.setDaemon(true);
        return thread;
    }

    synchronized void changed(String runId) {
        Long before = lastChanges.put(runId, ++lastChange);
        if (before != null) {
            changes.remove(before);
        }
        changes.put(lastChange, runId);
        if (changes.size() > Runs.MAX_RUNS) {
            lastChanges.remove(changes.pollFirstEntry().getValue());
        }
    }

    @Override
    public void answer(Exchange exchange, String rest) {
        Heard heard = new Heard();
        EventStream page;
        synchronized (this) {
            if (pages.size() >= MAX_PAGES) {
                exchange.send(503, MAX_PAGES + " pages are open already; close one");
                return;
            }
            heard.change = lastChange;
            page = exchange.stream();
            page.write(BEGIN);
            pages.put(page, heard);
        }
    }

    /** Pages that are open. */
    int open() {
        return pages.size();
    }

    /** Pages that were dropped because they took nothing. */
    long dropped() {
        return dropped.get();
    }

    /** An exception would end the clock. */
    private void tick() {
        try {
            Map<String, byte[]> made = new HashMap<>();
            String state = health.get();
            pages.forEach((page, heard) -> tick(page, heard, state, made));
            reports.beat();
        } catch (RuntimeException e) {
            reports.defect("pages were not told of changes: " + e);
        }
    }

    private void tick(EventStream page, Heard heard, String state, Map<String, byte[]> made) {
        if (page.closed()) {
            pages.remove(page);
        } else if (page.idle()) {
            byte[] news = news(heard, state, made);
            if (news.length > 0) {
                page.write(news);
            } else if (page.age().compareTo(PULSE) > 0) {
                page.write(NOTHING);
            }
        } else if (page.age().compareTo(PATIENCE) > 0) {
            drop(page);
        }
    }

    private void drop(EventStream page) {
        pages.remove(page);
        page.close();
        dropped.incrementAndGet();
        reports.note(
                "a page that took nothing for " + PATIENCE.toSeconds() + " s was dropped; it asks again by itself");
    }

    private byte[] news(Heard heard, String state, Map<String, byte[]> made) {
        List<byte[]> parts = new ArrayList<>();
        int bytes = 0;
        if (!state.equals(heard.health)) {
            heard.health = state;
            parts.add(bytes("event: health\ndata: " + state + "\n\n"));
            bytes = parts.get(0).length;
        }
        for (var change = after(heard.change); change != null && bytes < MAX_BYTES; change = after(heard.change)) {
            byte[] part = made.computeIfAbsent(change.getValue(), this::event);
            if (bytes > 0 && bytes + part.length > MAX_BYTES) {
                break;
            }
            heard.change = change.getKey();
            parts.add(part);
            bytes += part.length;
        }
        return joined(parts);
    }

    private synchronized Map.Entry<Long, String> after(long change) {
        return changes.higherEntry(change);
    }

    private byte[] event(String runId) {
        String json = toJson.apply(runId);
        return json.isEmpty() ? new byte[0] : bytes("event: run\ndata: " + json + "\n\n");
    }

    private static byte[] joined(List<byte[]> parts) {
        byte[] all = new byte[parts.stream().mapToInt(part -> part.length).sum()];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    void close() {
        clock.shutdownNow();
        pages.keySet().forEach(EventStream::close);
        pages.clear();
    }
}
