package io.espalier.engine.run;

import io.espalier.events.Events;
import io.espalier.events.v1.ProgressReported;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The context of one run: what it reports of progress are events. Thread-safe. */
public final class EngineContext extends SeededContext {

    /** Progress is reported at most this often for each piece of work, and at its end. */
    private static final long MIN_NANOS = 200_000_000;

    private final Events events;
    private final Map<String, Long> reported = new HashMap<>();
    private final Deque<String> within = new ArrayDeque<>();

    /**
     * A context.
     *
     * @param seed seed of everything random
     * @param events takes what is reported
     * @param cancelled whether the run was cancelled
     */
    public EngineContext(long seed, Events events, BooleanSupplier cancelled) {
        super(seed, cancelled);
        this.events = events;
    }

    /** Tries something; whatever is reported meanwhile names it. */
    <T> T trying(Attempted attempted, Supplier<T> work) {
        enter(attempted.toString());
        try {
            progress(attempted.phase(), attempted.number() - 1L, attempted.most());
            return work.get();
        } finally {
            leave();
        }
    }

    private synchronized void enter(String attempted) {
        within.addLast(attempted);
        reported.clear();
    }

    private synchronized void leave() {
        within.removeLast();
        reported.clear();
    }

    @Override
    public synchronized void progress(String what, long done, long total) {
        checkCancelled();
        long now = System.nanoTime();
        Long before = reported.get(what);
        if (before != null && now - before < MIN_NANOS && done != total) {
            return;
        }
        reported.put(what, now);
        events.emit(ProgressReported.newBuilder()
                .setPhase(what)
                .setDone(done)
                .setTotal(total)
                .setResources(ResourceUse.now())
                .addAllWithin(within)
                .build());
    }
}
