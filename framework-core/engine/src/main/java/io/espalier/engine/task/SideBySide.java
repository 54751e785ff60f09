package io.espalier.engine.task;

import io.espalier.spi.execution.Runner;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Runs a program on many items, several at a time. Each run has one thread of the runtime, and results are taken in the order of
 * the items by the thread that asks for them: what comes out does not depend on the number of threads, which the sums of a
 * runtime that divides one run among threads may. Not thread-safe.
 */
public final class SideBySide implements AutoCloseable {

    private final Supplier<? extends Runner> loading;
    private final int threads;
    private final ExecutorService workers;
    private final List<Runner> loaded = new ArrayList<>();
    private final BlockingQueue<Runner> idle = new LinkedBlockingQueue<>();

    /**
     * Prepares the work.
     *
     * @param loading loads the program; asked once for each item that runs at the same time as others, by the thread that asks
     *     for the work
     * @param threads how many items run at a time, at least 1
     */
    public SideBySide(Supplier<? extends Runner> loading, int threads) {
        this.loading = loading;
        this.threads = threads;
        this.workers = Executors.newFixedThreadPool(threads);
    }

    /**
     * Works on items. At most as many results as there are threads wait to be taken.
     *
     * @param work runs the program on an item; no two calls share a program at the same time
     * @param taken takes the results, in the order of the items
     */
    public <T, R> void each(Iterable<T> items, BiFunction<Runner, T, R> work, Consumer<R> taken) {
        Deque<Future<R>> running = new ArrayDeque<>();
        for (T item : items) {
            if (threads == 1) {
                taken.accept(run(work, item, runner()));
                continue;
            }
            if (running.size() == threads) {
                taken.accept(Results.of(running.remove(), "a run"));
            }
            Runner runner = runner();
            running.add(workers.submit(() -> run(work, item, runner)));
        }
        while (!running.isEmpty()) {
            taken.accept(Results.of(running.remove(), "a run"));
        }
    }

    private <T, R> R run(BiFunction<Runner, T, R> work, T item, Runner runner) {
        try {
            return work.apply(runner, item);
        } finally {
            idle.add(runner);
        }
    }

    private Runner runner() {
        Runner free = idle.poll();
        if (free == null && loaded.size() == threads) {
            throw new IllegalStateException("more runs at a time than threads");
        }
        if (free == null) {
            free = loading.get();
            loaded.add(free);
        }
        return free;
    }

    /** Waits for runs that nobody waits for any more, then closes the programs: a runtime does not survive the other order. */
    @Override
    public void close() {
        workers.shutdownNow();
        boolean interrupted = false;
        boolean ended = false;
        while (!ended) {
            try {
                ended = workers.awaitTermination(1, TimeUnit.HOURS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        loaded.forEach(Runner::close);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
