package io.espalier.monitor;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.InvalidProtocolBufferException;
import io.espalier.events.SequenceNumbers;
import io.espalier.events.v1.LossReported;
import io.espalier.events.v1.PruningEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;

/**
 * The known runs, in bounded memory: a summary of the latest {@value #MAX_RUNS} runs, and of as many of
 * them as fit into {@value #MAX_BYTES} bytes their events. Thread-safe.
 */
final class Runs {

    static final int MAX_RUNS = 10_000;
    static final long MAX_BYTES = 32 << 20;

    /** Bytes that keeping one more event costs beside its own. */
    private static final int OVERHEAD = 32;

    private static final int MAX_EVENTS = 2000;
    /** The last epochs of a training are shown one by one. */
    static final int MAX_EPOCHS = 200;

    /** By the time of their last event, oldest first. */
    private final Map<String, Entry> runs = new LinkedHashMap<>();

    private long bytes;
    private long forgotten;

    /** What is kept of a run. */
    private static final class Entry {

        private final RunSummary summary;
        private List<byte[]> events = new ArrayList<>();
        /** Null until a loss was reported. */
        private LossCurve losses;

        private Queue<byte[]> epochs = new ArrayDeque<>(1);
        private long bytes;
        private final SequenceNumbers numbers = new SequenceNumbers();
        private long changes;
        private boolean cut;

        Entry(RunSummary summary) {
            this.summary = summary;
        }
    }

    /** Takes an event; returns whether it is new. */
    synchronized boolean accept(PruningEvent event) {
        Entry entry = runs.remove(event.getRunId());
        if (entry == null) {
            entry = new Entry(new RunSummary(event.getRunId(), event.getTime()));
        }
        runs.put(event.getRunId(), entry);
        if (!entry.numbers.add(event.getSequence())) {
            return false;
        }
        entry.changes++;
        entry.summary.take(event);
        if (event.hasLossReported()) {
            keep(entry, event.getLossReported());
        } else if (event.hasEpochEnded()) {
            keepEpoch(entry, event);
        } else if (!event.hasProgressReported()) {
            keep(entry, event);
        }
        forget();
        return true;
    }

    private void keep(Entry entry, PruningEvent event) {
        if (entry.cut || entry.events.size() == MAX_EVENTS) {
            entry.cut = true;
            return;
        }
        byte[] record = event.toByteArray();
        entry.events.add(record);
        entry.bytes += record.length + OVERHEAD;
        bytes += record.length + OVERHEAD;
    }

    private void keepEpoch(Entry entry, PruningEvent event) {
        byte[] record = event.toByteArray();
        entry.epochs.add(record);
        long added = record.length + OVERHEAD;
        if (entry.epochs.size() > MAX_EPOCHS) {
            added -= entry.epochs.remove().length + OVERHEAD;
        }
        entry.bytes += added;
        bytes += added;
    }

    private void keep(Entry entry, LossReported loss) {
        int before = entry.losses == null ? 0 : entry.losses.bytes();
        if (entry.losses == null) {
            entry.losses = new LossCurve();
        }
        entry.losses.take(loss);
        entry.bytes += entry.losses.bytes() - before;
        bytes += entry.losses.bytes() - before;
    }

    private void forget() {
        if (runs.size() > MAX_RUNS) {
            String eldest = runs.keySet().iterator().next();
            bytes -= runs.remove(eldest).bytes;
            forgotten++;
        }
        if (bytes > MAX_BYTES) {
            for (Entry entry : runs.values()) {
                drop(entry);
                if (bytes <= MAX_BYTES) {
                    return;
                }
            }
        }
    }

    private void drop(Entry entry) {
        bytes -= entry.bytes;
        entry.cut |= entry.bytes > 0;
        entry.bytes = 0;
        entry.events = new ArrayList<>(0);
        entry.losses = null;
        entry.epochs = new ArrayDeque<>(1);
    }

    /** The runs that began last, and how many there are. */
    synchronized ObjectNode list(int limit) {
        ObjectNode list = JsonNodeFactory.instance.objectNode();
        list.put("total", runs.size());
        list.put("forgotten", forgotten);
        ArrayNode shown = list.putArray("runs");
        runs.values().stream()
                .sorted(Comparator.comparingLong((Entry entry) -> entry.summary.started())
                        .reversed())
                .limit(limit)
                .forEach(entry -> shown.add(json(entry)));
        return list;
    }

    /** A run in short; empty when it is not known (any more). */
    synchronized Optional<ObjectNode> summary(String id) {
        return Optional.ofNullable(runs.get(id)).map(Runs::json);
    }

    /** A run with all that is known of it. */
    Optional<ObjectNode> details(String id) {
        List<byte[]> events;
        ObjectNode json;
        synchronized (this) {
            Entry entry = runs.get(id);
            if (entry == null) {
                return Optional.empty();
            }
            json = json(entry);
            if (entry.losses != null) {
                entry.losses.addTo(json.putArray("losses"));
            }
            events = new ArrayList<>(entry.events);
            events.addAll(entry.epochs);
        }
        RunDetails details = new RunDetails(json);
        for (byte[] event : events) {
            details.take(parse(event));
        }
        return Optional.of(details.json());
    }

    private static ObjectNode json(Entry entry) {
        ObjectNode json = entry.summary.json().deepCopy();
        json.put("changes", entry.changes);
        json.put("detailsCut", entry.cut);
        return json;
    }

    private static PruningEvent parse(byte[] event) {
        try {
            return PruningEvent.parseFrom(event);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("this was an event a moment ago", e);
        }
    }
}
