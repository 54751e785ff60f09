package io.espalier.kafka;

import java.io.IOException;

/** Where a subscriber's events come from; read by one thread. */
interface EventSource {

    /**
     * Hands events over until there are no more, or until {@link #stop}.
     *
     * @param ready called once the first event to deliver is known
     */
    void read(EventHandlers handlers, Runnable ready) throws IOException, InterruptedException;

    /** Makes {@link #read} return soon; may be called from any thread. */
    void stop();
}
