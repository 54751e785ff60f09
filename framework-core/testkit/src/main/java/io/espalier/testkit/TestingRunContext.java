package io.espalier.testkit;

import io.espalier.spi.RunContext;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.random.RandomGenerator;

/** A run context with a seed that can be cancelled and otherwise does nothing. Thread-safe. */
public final class TestingRunContext implements RunContext {

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private final long seed;
    private volatile boolean cancelled;

    public TestingRunContext(long seed) {
        this.seed = seed;
    }

    /** From now on, {@link #checkCancelled()} throws. */
    public void cancel() {
        cancelled = true;
    }

    @Override
    public void checkCancelled() {
        if (cancelled) {
            throw new CancellationException("the test cancelled the run");
        }
    }

    @Override
    public void progress(String what, long done, long total) {}

    @Override
    public RandomGenerator random(String provider, String subject) {
        long hash = FNV_OFFSET ^ seed;
        for (byte letter : (provider + '\n' + subject).getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ letter) * FNV_PRIME;
        }
        return new SplittableRandom(hash);
    }
}
