package io.espalier.engine.run;

import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.surgery.Surgery;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.RunContext;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.execution.ForwardingRunner;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.file.TemporaryFolder;
import io.espalier.spi.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Times networks with residual blocks and channels removed in the native runtime, in turn with a larger one, so that all see the same
 * weather. Not thread-safe.
 */
final class CutTimer implements AutoCloseable {

    private static final int WARM_UP = 3;
    private static final int FEWEST_RUNS = 7;
    private static final int MOST_RUNS = 300;
    /** The part of the time for a table that one comparison may take. */
    private static final double PART = 0.1;

    private final PruningRequest request;
    private final Analysis analysis;
    private final Map<String, Tensor> inputs;
    private final RunContext context;
    private final Runner whole;
    private final double loading;
    private final long nanos;

    /**
     * A timer.
     *
     * @param left the blocks that the larger network is without
     */
    CutTimer(
            PruningRequest request,
            Analysis analysis,
            Map<String, Tensor> inputs,
            RunContext context,
            List<Edit.Omit> left) {
        this.request = request;
        this.analysis = analysis;
        this.inputs = inputs;
        this.context = context;
        long begun = System.nanoTime();
        this.whole = runner(List.copyOf(left));
        this.loading = (System.nanoTime() - begun) / 1e9;
        try {
            this.nanos = measured();
        } catch (RuntimeException e) {
            whole.close();
            throw e;
        }
    }

    private long measured() {
        double first = 0;
        for (int i = 0; i < WARM_UP; i++) {
            first = time(whole);
        }
        double[] times = new double[runs(seconds() * PART / first * 1e9)];
        for (int i = 0; i < times.length; i++) {
            context.checkCancelled();
            times[i] = time(whole);
        }
        return Math.round(median(times));
    }

    private static int runs(double affordable) {
        return (int) Math.max(FEWEST_RUNS, Math.min(MOST_RUNS, affordable));
    }

    /** Nanoseconds of the larger network, as a median. */
    long nanos() {
        return nanos;
    }

    /** How long all measurements for a table should take, about. */
    double seconds() {
        return request.timing().seconds();
    }

    /** Seconds that some runs of a model take that has to be loaded first. */
    double seconds(int runs) {
        return loading + (WARM_UP + runs) * nanos / 1e9;
    }

    /** How often some models can be compared in so many seconds: often enough for a median, and not more than is of use. */
    int rounds(int models, double seconds) {
        return runs((seconds - loading * models) / ((models + 1) * nanos / 1e9) - WARM_UP);
    }

    /** How often some models are compared when it matters. */
    int rounds(int models) {
        return rounds(models, seconds() * PART);
    }

    /** Median times of cuts as shares of that of the larger network. */
    List<Double> shares(List<Removal> cuts, int rounds) {
        List<Runner> runners = new ArrayList<>();
        try {
            cuts.forEach(cut -> runners.add(runner(cut)));
            return alternating(runners, rounds);
        } finally {
            runners.forEach(Runner::close);
        }
    }

    private List<Double> alternating(List<Runner> runners, int rounds) {
        double[][] shares = new double[runners.size()][rounds];
        for (int round = -WARM_UP; round < rounds; round++) {
            context.checkCancelled();
            double longer = time(whole);
            for (int i = 0; i < shares.length; i++) {
                // Who follows the larger one alternates: it finds other caches than the rest.
                int next = Math.floorMod(i + round, shares.length);
                shares[next][Math.max(round, 0)] = time(runners.get(next)) / longer;
            }
        }
        return Arrays.stream(shares).map(CutTimer::median).toList();
    }

    private double time(Runner runner) {
        return Math.max(1, runner.time(inputs).toNanos());
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private Runner runner(Removal cut) {
        return runner(Surgery.prune(analysis.graph(), analysis.shapes(), analysis.coupling(), cut)
                .after(analysis.shortened().edits())
                .edits());
    }

    private Runner runner(List<Edit> edits) {
        int threads = request.timing().threads();
        if (threads > 1) {
            return threaded(analysis.model(), edits, threads);
        }
        Optional<Runner> loaded = edits.isEmpty()
                ? Optional.of(analysis.model().runner())
                : analysis.model().runner(edits);
        return loaded.orElseGet(() -> written(edits));
    }

    /** A runtime with several threads. */
    static Runner threaded(Model model, List<Edit> edits, int threads) {
        return model.runner(edits, threads)
                .orElseThrow(() -> new InvalidInputException("The runtime of this model ("
                        + (model.runtime().isEmpty() ? "not named by its adapter" : model.runtime())
                        + ") is timed with one thread; leave out --latency-threads."));
    }

    /** For runtimes that load nothing but files. */
    private Runner written(List<Edit> edits) {
        TemporaryFolder folder = TemporaryFolder.create();
        try {
            Path file = folder.file(request.input().file().getFileName().toString());
            analysis.model().write(file, edits, Map.of());
            Model model = request.input().open(file, context);
            return new OwningRunner(folder, model);
        } catch (RuntimeException e) {
            folder.close();
            throw e;
        }
    }

    /** A runner with the model that is its own, and the folder of its file. */
    private static final class OwningRunner extends ForwardingRunner {

        private final TemporaryFolder folder;
        private final Model model;

        OwningRunner(TemporaryFolder folder, Model model) {
            super(model.runner());
            this.folder = folder;
            this.model = model;
        }

        @Override
        public void close() {
            super.close();
            model.close();
            folder.close();
        }
    }

    @Override
    public void close() {
        whole.close();
    }
}
