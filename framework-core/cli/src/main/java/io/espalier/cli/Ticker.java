package io.espalier.cli;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Does something again and again until it is closed, on a thread that does not keep the process alive. */
final class Ticker implements AutoCloseable {

    private final ScheduledExecutorService executor;

    private Ticker(ScheduledExecutorService executor) {
        this.executor = executor;
    }

    static Ticker every(Duration period, Runnable work) {
        ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "espalier-ticker");
            thread.setDaemon(true);
            return thread;
        });
        executor.scheduleAtFixedRate(work, period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
        return new Ticker(executor);
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
