package io.espalier.engine.verify;

import io.espalier.engine.task.Results;
import java.util.concurrent.CancellationException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Does the work of a proof, several pieces side by side. Work starts in the order in which it is given, so a piece may
 * wait for pieces given before it. A single worker is the thread that asks for a result: it does what is asked for and
 * nothing else, one piece after the other.
 */
final class Workers implements AutoCloseable {

    private final int count;
    private final ThreadPoolExecutor pool;
    private volatile boolean closed;

    /** At least one worker. */
    Workers(int count) {
        this.count = count;
        this.pool = new ThreadPoolExecutor(count, count, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
            Thread thread = new Thread(work, "espalier-proof");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Gives work to the workers. */
    <T> Pending<T> start(Supplier<T> work) {
        FutureTask<T> task = new FutureTask<>(work::get);
        if (count == 1) {
            return () -> {
                task.run();
                return Results.of(task, "the proof");
            };
        }
        pool.execute(task);
        return () -> Results.of(task, "the proof");
    }

    /**
     * Called between the steps of long work.
     *
     * @throws CancellationException when nobody waits for the result any more
     */
    void checkOpen() {
        if (closed) {
            throw new CancellationException("the proof has ended");
        }
    }

    /**
     * Gives up what has not begun and waits for the rest. Nothing is interrupted: that would close the files from which
     * models are read.
     */
    @Override
    public void close() {
        closed = true;
        pool.getQueue().clear();
        pool.shutdown();
        boolean interrupted = false;
        while (!pool.isTerminated()) {
            try {
                pool.awaitTermination(1, TimeUnit.HOURS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
