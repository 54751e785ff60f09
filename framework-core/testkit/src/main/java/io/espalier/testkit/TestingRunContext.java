package io.espalier.testkit;

import io.espalier.spi.RunContext;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;

/** A run context with a seed that can be cancelled, keeps what was said, and otherwise does nothing. Thread-safe. */
public final class TestingRunContext implements RunContext {

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private final long seed;
    private final List<String> notes = new CopyOnWriteArrayList<>();
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

    /** Takes a sentence for people. */
    void note(String sentence) {
        notes.add(sentence);
    }

    /** The sentences for people that were said. */
    public List<String> notes() {
        return List.copyOf(notes);
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
