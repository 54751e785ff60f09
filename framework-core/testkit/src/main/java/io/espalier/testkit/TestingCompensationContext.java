package io.espalier.testkit;

import io.espalier.spi.adapter.Edit;
import io.espalier.spi.compensator.CompensationContext;
import io.espalier.spi.compensator.KeptPositions;
import io.espalier.spi.compensator.RefitSettings;
import io.espalier.spi.compensator.WeightSolver;
import io.espalier.spi.data.BatchOptions;
import io.espalier.spi.data.Batches;
import io.espalier.spi.data.Dataset;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.option.Options;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * What a compensator works with in a test. Thread-safe.
 *
 * @param run cancellation and random numbers
 * @param options validated options of the compensator
 * @param original the graph before the cut
 * @param pruned the graph after the cut
 * @param kept what the cut keeps
 * @param calibration training data
 * @param executor runs graphs
 */
public record TestingCompensationContext(
        TestingRunContext run,
        Options options,
        Graph original,
        Graph pruned,
        KeptPositions kept,
        Batches calibration,
        GraphExecutor executor)
        implements CompensationContext {

    /** The context of a cut of which only the result is known. */
    public TestingCompensationContext(
            TestingRunContext run, Options options, Graph pruned, Dataset calibration, GraphExecutor executor) {
        this(run, options, pruned, pruned, calibration, executor);
    }

    /** The context of a cut of which nobody knows what it kept. */
    public TestingCompensationContext(
            TestingRunContext run,
            Options options,
            Graph original,
            Graph pruned,
            Dataset calibration,
            GraphExecutor executor) {
        this(
                run,
                options,
                original,
                pruned,
                new Unknown(),
                Batches.of(pruned, calibration, BatchOptions.of(100), run),
                executor);
    }

    private record Unknown() implements KeptPositions {

        @Override
        public Optional<int[]> ofValue(String value, int axis) {
            return Optional.empty();
        }

        @Override
        public Optional<int[]> ofInput(String node, int slot, int axis) {
            return Optional.empty();
        }
    }

    @Override
    public void checkCancelled() {
        run.checkCancelled();
    }

    @Override
    public void progress(String what, long done, long total) {
        run.progress(what, done, total);
    }

    @Override
    public RandomGenerator random(String provider, String subject) {
        return run.random(provider, subject);
    }

    @Override
    public void note(String sentence) {
        run.note(sentence);
    }

    /** The weights are those of a graph that nothing was cut from: there is nothing to fit. */
    @Override
    public List<Edit> refit(WeightSolver solver, RefitSettings settings) {
        return List.of();
    }
}
