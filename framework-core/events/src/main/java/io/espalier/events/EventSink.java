package io.espalier.events;

import io.espalier.events.v1.PruningEvent;
import java.util.Optional;

/**
 * Receives the events of a run in order.
 *
 * <p>Called from one thread at a time. A sink does not throw for trouble of its own, such as a full disk: it remembers
 * it, continues, and reports it through {@link #failure()}.
 */
@FunctionalInterface
public interface EventSink {

    /** Takes the next event; returns quickly, since the run waits. */
    void accept(PruningEvent event);

    /** What this sink has lost so far; empty when nothing. */
    default Optional<EventLoss> failure() {
        return Optional.empty();
    }
}
