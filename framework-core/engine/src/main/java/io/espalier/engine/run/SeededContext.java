package io.espalier.engine.run;

import io.espalier.spi.RunContext;
import io.espalier.spi.file.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/** A context of work outside of runs, such as opening data for one: progress is not reported. Thread-safe. */
public class SeededContext implements RunContext {

    private final long seed;
    private final BooleanSupplier cancelled;

    /**
     * A context.
     *
     * @param seed seed of everything random
     * @param cancelled whether the work was cancelled
     */
    public SeededContext(long seed, BooleanSupplier cancelled) {
        this.seed = seed;
        this.cancelled = cancelled;
    }

    @Override
    public final void checkCancelled() {
        if (cancelled.getAsBoolean()) {
            throw new CancellationException("The run was cancelled.");
        }
    }

    @Override
    public void progress(String what, long done, long total) {
        checkCancelled();
    }

    @Override
    public final RandomGenerator random(String provider, String subject) {
        MessageDigest hash = Sha256.digest();
        hash.update(ByteBuffer.allocate(Long.BYTES).putLong(seed).flip());
        hash.update((provider + '\n' + subject).getBytes(StandardCharsets.UTF_8));
        return new SplittableRandom(ByteBuffer.wrap(hash.digest()).getLong());
    }
}
