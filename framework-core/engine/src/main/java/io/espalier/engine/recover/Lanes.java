package io.espalier.engine.recover;

import io.espalier.engine.task.Results;
import io.espalier.spi.RunContext;
import io.espalier.spi.execution.Runner;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.function.Supplier;

/**
 * Runs a graph over batches, several side by side, each by a runner of its own with one thread. What a batch gives is taken
 * in the order of the batches, so that no sum depends on how many there are.
 */
final class Lanes implements AutoCloseable {

    private final int count;
    private final RunContext run;
    private final ForkJoinPool pool;

    /** At least one. */
    Lanes(int count, RunContext run) {
        this.count = count;
        this.run = run;
        this.pool = new ForkJoinPool(count);
    }

    /** Runs a batch. */
    @FunctionalInterface
    interface Work<T> {
        T of(Runner runner, int batch);
    }

    /** Takes what a batch has given. */
    @FunctionalInterface
    interface Taker<T> {
        void take(int batch, T result);
    }

    /**
     * Runs all batches.
     *
     * @param runners opens a runner
     */
    <T> void forEach(int batches, Supplier<Runner> runners, Work<T> work, Taker<T> taker) {
        List<Runner> open = new ArrayList<>();
        try {
            for (int first = 0; first < batches; first += count) {
                run.checkCancelled();
                List<ForkJoinTask<T>> side = new ArrayList<>();
                for (int batch = first; batch < Math.min(batches, first + count); batch++) {
                    if (open.size() <= batch - first) {
                        open.add(runners.get());
                    }
                    Runner runner = open.get(batch - first);
                    int which = batch;
                    side.add(pool.submit(() -> work.of(runner, which)));
                }
                side.forEach(ForkJoinTask::quietlyJoin);
                for (int i = 0; i < side.size(); i++) {
                    taker.take(first + i, Results.of(side.get(i), "the fit"));
                }
            }
        } finally {
            open.forEach(Runner::close);
        }
    }

    /** Does one piece of work, which may use as many threads as there are lanes. */
    <T> T alone(Supplier<T> work) {
        return Results.of(pool.submit(work::get), "the fit");
    }

    @Override
    public void close() {
        pool.shutdown();
    }
}
