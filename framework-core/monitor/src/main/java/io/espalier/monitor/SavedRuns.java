package io.espalier.monitor;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.espalier.events.EventSink;
import io.espalier.events.v1.PruningEvent;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Runs that are over, from their events, as the JSON that the page shows. Thread-safe. */
public final class SavedRuns implements EventSink {

    private final Runs runs = new Runs();
    private final Set<String> ids = new LinkedHashSet<>();

    @Override
    public synchronized void accept(PruningEvent event) {
        runs.accept(event);
        ids.add(event.getRunId());
    }

    /** All runs in the order of their first events; of each what the page of one run shows. */
    public synchronized List<ObjectNode> all() {
        return ids.stream().map(id -> runs.details(id).orElseThrow()).toList();
    }
}
