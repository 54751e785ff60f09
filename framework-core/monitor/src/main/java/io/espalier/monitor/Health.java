package io.espalier.monitor;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Whether everything that watches does, for the page, for meters and for {@code /health}. Thread-safe. */
public final class Health {

    private final Consumer<String> say;
    private final List<SourceHealth> sources = new CopyOnWriteArrayList<>();

    /**
     * The health of nothing yet.
     *
     * @param say receives a sentence for each thing that goes wrong
     */
    public Health(Consumer<String> say) {
        this.say = say;
    }

    /**
     * Something that watches.
     *
     * @param kind what it is, for instance "journal"
     * @param place what it reads, for people
     */
    public SourceHealth source(String kind, String place) {
        SourceHealth source = new SourceHealth(kind, place, say);
        sources.add(source);
        return source;
    }

    /** How many do not read at the moment although they should. */
    public long down() {
        return sources.stream().filter(SourceHealth::down).count();
    }

    /** How often one was started again because it had failed. */
    public long restarts() {
        return sources.stream().mapToLong(SourceHealth::restarts).sum();
    }

    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("status", down() == 0 ? "ok" : "degraded");
        ArrayNode list = json.putArray("sources");
        sources.forEach(source -> source.addTo(list.addObject()));
        return json;
    }
}
