package io.espalier.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns Ctrl-C into the orderly end of a run: the run sees that it is cancelled, closes its journal and removes its
 * temporary files, and only then does the process end. Thread-safe.
 */
final class Interruption {

    private static final long PATIENCE_SECONDS = 20;

    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile Runnable cancel;

    /** Starts to listen for the end of the process. */
    void listen() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::interrupt, "espalier-interruption"));
    }

    /** From now on an interruption asks the run to stop, and waits for {@link #ended}. */
    void cancelBy(Runnable cancellation) {
        cancel = cancellation;
    }

    /** Nothing is left to be done. */
    void ended() {
        ended.countDown();
    }

    private void interrupt() {
        Runnable cancellation = cancel;
        if (cancellation == null) {
            return;
        }
        cancellation.run();
        try {
            if (!ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                Runtime.getRuntime().halt(ExitCode.INTERRUPTED);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
