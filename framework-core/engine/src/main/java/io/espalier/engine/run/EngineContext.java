package io.espalier.engine.run;

import io.espalier.events.Events;
import io.espalier.events.v1.ProgressReported;
import io.espalier.spi.RunContext;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/** The context of one run: cancellation, progress as events, seeded randomness. Thread-safe. */
final class EngineContext implements RunContext {

    /** Progress is told at most this often for each piece of work, and at its end. */
    private static final long MIN_NANOS = 200_000_000;

    private final long seed;
    private final Events events;
    private final Map<String, Long> told = new HashMap<>();
    private final BooleanSupplier cancelled;

    EngineContext(long seed, Events events, BooleanSupplier cancelled) {
        this.seed = seed;
        this.events = events;
        this.cancelled = cancelled;
    }

    @Override
    public void checkCancelled() {
        if (cancelled.getAsBoolean()) {
            throw new CancellationException("The run was cancelled.");
        }
    }

    @Override
    public synchronized void progress(String what, long done, long total) {
        checkCancelled();
        long now = System.nanoTime();
        Long before = told.get(what);
        if (before != null && now - before < MIN_NANOS && done != total) {
            return;
        }
        told.put(what, now);
        events.emit(ProgressReported.newBuilder()
                .setPhase(what)
                .setDone(done)
                .setTotal(total)
                .setResources(ResourceUse.now())
                .build());
    }

    @Override
    public RandomGenerator random(String provider, String subject) {
        try {
            MessageDigest hash = MessageDigest.getInstance("SHA-256");
            hash.update(ByteBuffer.allocate(Long.BYTES).putLong(seed).flip());
            hash.update((provider + '\n' + subject).getBytes(StandardCharsets.UTF_8));
            return new SplittableRandom(ByteBuffer.wrap(hash.digest()).getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
