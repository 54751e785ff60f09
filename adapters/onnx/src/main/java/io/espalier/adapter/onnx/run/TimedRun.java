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

/**
 * Runs a session for a limited time: the runtime stops between two operators once the time is over. Seconds in which the process is
 * suspended do not count.
 */
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
        try (OrtSession.RunOptions options = new OrtSession.RunOptions()) {
            Countdown countdown = new Countdown(seconds, options::setTerminate);
            // A delay after each tick: a process that was suspended makes up for none.
            ScheduledFuture<?> ticks = CLOCK.scheduleWithFixedDelay(countdown::tick, 1, 1, TimeUnit.SECONDS);
            try {
                return session.run(inputs, options);
            } catch (OrtException e) {
                if (countdown.isOver()) {
                    throw new BudgetException("a run takes longer than " + seconds + " s", "seconds");
                }
                throw e;
            } finally {
                ticks.cancel(false);
                countdown.end();
            }
        }
    }

    /** Ends a run. */
    @FunctionalInterface
    interface Brake {
        void set(boolean stop) throws OrtException;
    }

    /** Counts seconds, and ends the run when they are over, unless it has ended. Thread-safe. */
    static final class Countdown {

        private final Brake brake;
        private long left;
        private boolean isOver;
        private boolean hasEnded;

        Countdown(long seconds, Brake brake) {
            this.left = seconds;
            this.brake = brake;
        }

        synchronized void tick() {
            left--;
            if (left > 0 || isOver || hasEnded) {
                return;
            }
            try {
                brake.set(true);
                isOver = true;
            } catch (OrtException e) {
                throw Refusals.of(e);
            }
        }

        synchronized boolean isOver() {
            return isOver;
        }

        /** The run has ended: nothing is touched from now on. */
        synchronized void end() {
            hasEnded = true;
        }
    }
}
