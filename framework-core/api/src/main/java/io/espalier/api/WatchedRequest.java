package io.espalier.api;

import io.espalier.events.EventSink;
import io.espalier.spi.Stability;
import java.util.Map;

/**
 * What is asked of a run that can be watched and stopped. Immutable and thread-safe: every method returns a changed request.
 *
 * @param <R> the kind of request
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.3.0")
public interface WatchedRequest<R extends WatchedRequest<R>> {

    /**
     * Hands the events of the run to a further handler, in order, from one thread at a time; the run waits for it. A
     * handler that throws loses the event, which the result says, and never stops the run.
     */
    R onEvent(EventSink handler);

    /** Lets something stop the run. */
    R cancelledBy(Cancellation cancellation);

    /** What the journal says of the settings, instead of this request: for programs with settings of their own. */
    R journalled(Map<String, String> settings);
}
