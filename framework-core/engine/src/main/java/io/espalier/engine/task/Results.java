package io.espalier.engine.task;

import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** What work in another thread gives, or fails with, as if it had been done here. */
public final class Results {

    private Results() {}

    /**
     * Waits for a result.
     *
     * @param what what is interrupted with this thread, for the sentence: {@code "the proof"}
     * @throws CancellationException when this thread is interrupted, which it remains
     */
    public static <T> T of(Future<T> work, String what) {
        try {
            return work.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException(what + " was interrupted");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            if (e.getCause() instanceof Error cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
