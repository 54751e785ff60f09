package io.espalier.adapter.onnx.run;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.espalier.spi.BudgetException;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Runs a session for a limited time: the runtime stops between two operators once the time is over. */
final class TimedRun {

    private static final ScheduledExecutorService CLOCK = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "onnxruntime-time-limit");
        thread.setDaemon(true);
        return thread;
    });

    private TimedRun() {}

    /**
     * Runs once.
     *
     * @param seconds how long it may take
     * @throws BudgetException when it takes too long
     */
    static OrtSession.Result of(OrtSession session, Map<String, OnnxTensor> inputs, long seconds) throws OrtException {
        AtomicBoolean late = new AtomicBoolean();
        try (OrtSession.RunOptions options = new OrtSession.RunOptions()) {
            ScheduledFuture<?> limit = CLOCK.schedule(() -> stop(options, late), seconds, TimeUnit.SECONDS);
            try {
                return session.run(inputs, options);
            } catch (OrtException e) {
                if (late.get()) {
                    throw new BudgetException("a run takes longer than " + seconds + " s", "seconds");
                }
                throw e;
            } finally {
                limit.cancel(false);
                awaitEnd(limit, options);
            }
        }
    }

    private static void stop(OrtSession.RunOptions options, AtomicBoolean late) {
        synchronized (options) {
            late.set(true);
            try {
                options.setTerminate(true);
            } catch (OrtException | IllegalStateException e) {
                // The run has ended in the meantime.
                late.set(false);
            }
        }
    }

    /** Options must not be closed while the clock uses them. */
    private static void awaitEnd(ScheduledFuture<?> limit, OrtSession.RunOptions options) {
        if (!limit.isCancelled()) {
            synchronized (options) {
                // Nothing to do: the clock has left them.
            }
        }
    }
}
