package io.espalier.monitor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.events.EventSink;
import io.espalier.events.v1.PruningEvent;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A page that shows runs while they happen.
 *
 * <p>Takes events from anywhere, of many runs at once; those of one run in order. An event that comes again is dropped.
 * Memory is bounded, see {@link Runs}: of old runs details go first. Thread-safe.
 */
public final class Monitor implements EventSink, AutoCloseable {

    private static final int LISTED = 500;
    private static final ObjectWriter JSON = JsonMapper.builder()
            .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
            .build()
            .writer();
    private static final Map<String, String> ASSETS = Map.of(
            "index.html", "text/html; charset=utf-8",
            "monitor.css", "text/css; charset=utf-8",
            "monitor.js", "text/javascript; charset=utf-8",
            "figures.js", "text/javascript; charset=utf-8",
            "list.js", "text/javascript; charset=utf-8",
            "run.js", "text/javascript; charset=utf-8",
            "compare.js", "text/javascript; charset=utf-8",
            "curves.js", "text/javascript; charset=utf-8",
            "trials.js", "text/javascript; charset=utf-8",
            "icon.svg", "image/svg+xml");

    private final Runs runs = new Runs();
    private final Health health;
    private final SourceHealth own;
    private final Feed feed;
    private final EventSink next;
    private final LocalServer server;

    private Monitor(Address address, Metrics metrics, EventSink next, Health health) throws IOException {
        this.next = next;
        this.health = health;
        this.own = health.source("feed", "to open pages");
        this.feed = new Feed(id -> runs.summary(id).map(Monitor::text).orElse(""), () -> text(health.json()), own);
        Map<String, Page> pages = new LinkedHashMap<>();
        pages.put("api", this::api);
        pages.put("metrics", LocalServer.page(metrics));
        pages.put("health", this::health);
        pages.put("", this::asset);
        try {
            this.server = LocalServer.start(address, pages);
        } catch (IOException e) {
            feed.close();
            throw e;
        }
    }

    /**
     * Starts to serve.
     *
     * @param metrics what {@code /metrics} shows
     * @param next hears of every event once
     * @param health what {@code /health} shows; sources of events are added to it by whoever starts them
     * @throws IOException when the address cannot be had
     */
    public static Monitor start(Address address, Metrics metrics, EventSink next, Health health) throws IOException {
        return new Monitor(address, metrics, next, health);
    }

    /** Where the page is. */
    public URI uri() {
        return server.uri();
    }

    @Override
    public void accept(PruningEvent event) {
        try {
            if (runs.accept(event)) {
                next.accept(event);
                feed.changed(event.getRunId());
            }
        } catch (RuntimeException e) {
            own.defect(
                    "event " + event.getSequence() + " of the run " + event.getRunId() + " could not be shown: " + e);
        }
    }

    private void health(Exchange exchange, String rest) {
        ObjectNode json = health.json();
        json.put("pages", feed.open());
        json.put("pagesDropped", feed.dropped());
        exchange.json(health.down() == 0 ? 200 : 503, text(json));
    }

    private void api(Exchange exchange, String rest) {
        if (rest.equals("runs")) {
            exchange.json(text(runs.list(LISTED)));
        } else if (rest.equals("changes")) {
            feed.answer(exchange, "");
        } else if (rest.startsWith("runs/")) {
            var details = runs.details(rest.substring("runs/".length()));
            if (details.isPresent()) {
                exchange.json(text(details.get()));
            } else {
                exchange.send(404, "no run of this id is known (any more)");
            }
        } else {
            exchange.send(404, "there are runs, runs/ID and changes");
        }
    }

    private void asset(Exchange exchange, String rest) {
        String name = rest.isEmpty() ? "index.html" : rest;
        if (!ASSETS.containsKey(name)) {
            exchange.send(404, "there is nothing here");
            return;
        }
        try (InputStream asset = Monitor.class.getResourceAsStream(name)) {
            exchange.send(200, ASSETS.get(name), asset.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("the page's own file " + name + " cannot be read", e);
        }
    }

    private static String text(JsonNode json) {
        try {
            return JSON.writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        feed.close();
        server.close();
    }
}
