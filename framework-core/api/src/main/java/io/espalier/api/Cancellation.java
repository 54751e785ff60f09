package io.espalier.api;

import io.espalier.spi.Stability;
import java.util.ArrayList;
import java.util.List;

/**
 * Stops the runs it was given to. May be given to several, and to runs that begin later: those end at once. Thread-safe.
 */
@Stability(value = Stability.Level.EVOLVING, since = "0.1.0")
public final class Cancellation {

    private final List<Runnable> runs = new ArrayList<>();
    private boolean cancelled;

    /** Asks the runs to stop; each soon ends with a {@link CancelledException}. Does not wait for it. */
    public synchronized void cancel() {
        cancelled = true;
        runs.forEach(Runnable::run);
    }

    /** Whether {@link #cancel()} was called. */
    public synchronized boolean isCancelled() {
        return cancelled;
    }

    /** Calls an action on cancellation, until the result is called. */
    synchronized Runnable attach(Runnable cancel) {
        runs.add(cancel);
        if (cancelled) {
            cancel.run();
        }
        return () -> detach(cancel);
    }

    private synchronized void detach(Runnable cancel) {
        runs.remove(cancel);
    }
}
