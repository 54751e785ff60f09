package io.espalier.engine.data;

import io.espalier.engine.task.Feed;
import io.espalier.engine.task.SideBySide;
import io.espalier.spi.RunContext;
import io.espalier.spi.execution.ExecutionException;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.execution.GraphExecutor.Purpose;
import io.espalier.spi.execution.GraphExecutor.Settings;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Makes inputs by gradient descent: smooth noise is changed until each batch of it gives batch normalisations the statistics
 * that they hold (the prior of DeepInversion: Yin and others, Dreaming to Distill, CVPR 2020, section 3.2). Not for networks
 * without batch norm, or whose batch norm was folded into weights: these hold no statistics.
 */
public final class InputDescent {

    private static final int BATCH = 128;
    /** Statistics of fewer examples say little. */
    private static final int FEWEST = 16;

    private final InputObjective objective;
    private final SyntheticExamples.Recipe recipe;
    private final Map<String, Tensor> start;
    private final RunContext context;
    private final int threads;
    private long begun;
    private double before;
    private double after;

    private InputDescent(
            InputObjective objective,
            SyntheticExamples.Recipe recipe,
            Map<String, Tensor> start,
            RunContext context,
            int threads) {
        this.objective = objective;
        this.recipe = recipe;
        this.start = start;
        this.context = context;
        this.threads = threads;
    }

    /**
     * The examples for a model, after the descent where they ask for it and the model allows it.
     *
     * @param threads how many batches descend at a time, at least 1; what comes out does not depend on it
     */
    public static SyntheticExamples of(
            SyntheticExamples examples, Graph graph, GraphExecutor executor, RunContext context, int threads) {
        SyntheticExamples noise = examples.forModel(graph);
        if (!examples.descends()) {
            return noise;
        }
        if (hasFixedBatch(graph)) {
            return noise.because("the model has a fixed batch, and statistics are those of many examples");
        }
        if (examples.size() < FEWEST) {
            return noise.because("statistics of fewer than " + FEWEST + " examples say little");
        }
        return InputObjective.of(graph, examples.operators(), noise.arrays())
                .map(each -> descended(each, noise, executor, context, threads))
                .orElseGet(() -> noise.because(
                        "the model has no batch norm that holds statistics and that gradients lead away from"));
    }

    private static SyntheticExamples descended(
            InputObjective objective,
            SyntheticExamples noise,
            GraphExecutor executor,
            RunContext context,
            int threads) {
        InputDescent descent = new InputDescent(objective, noise.recipe(), noise.arrays(), context, threads);
        try {
            SyntheticExamples made = descent.made(noise, executor);
            return Double.isFinite(descent.after) ? made : noise.because("it left the numbers of single precision");
        } catch (ExecutionException e) {
            return noise.because("the runtime does not run its gradients (" + e.getMessage() + ")");
        }
    }

    private static boolean hasFixedBatch(Graph graph) {
        return graph.inputs().values().stream()
                .flatMap(type -> type.shape().stream())
                .anyMatch(shape -> !shape.isEmpty() && shape.get(0) instanceof Dimension.Fixed);
    }

    private SyntheticExamples made(SyntheticExamples noise, GraphExecutor executor) {
        Map<String, float[]> rows = new LinkedHashMap<>();
        start.forEach((name, array) -> {
            if (objective.gradients().containsKey(name)) {
                rows.put(name, Tensors.toFloats(array));
            }
        });
        int batches = (recipe.count() + BATCH - 1) / BATCH;
        List<Integer> all = IntStream.range(0, batches).boxed().toList();
        try (SideBySide runs = new SideBySide(
                () -> executor.prepare(objective.graph(), Settings.of(Purpose.EVALUATION)),
                Math.min(threads, batches))) {
            runs.each(all, (runner, batch) -> descend(runner, rows, batch, batches), this::count);
        }
        Map<String, Tensor> made = new LinkedHashMap<>(start);
        rows.forEach(
                (name, values) -> made.put(name, Tensors.floats(start.get(name).shape(), values)));
        String note = String.format(
                Locale.ROOT,
                "The calibration is synthetic: %d inputs, made in %d steps from the statistics that batch norms hold"
                        + " (their distance: %.2f, of noise %.2f). Real inputs, even of another kind, are better.",
                recipe.count(),
                recipe.steps(),
                after / batches,
                before / batches);
        return noise.with(made, note);
    }

    /** The distances of a batch before and after its descent; batches are of nearly equal size. */
    private double[] descend(Runner runner, Map<String, float[]> rows, int batch, int batches) {
        int from = (int) ((long) recipe.count() * batch / batches);
        int to = (int) ((long) recipe.count() * (batch + 1) / batches);
        Map<String, AdamInput> inputs = new LinkedHashMap<>();
        rows.forEach((name, values) -> {
            List<Long> row =
                    start.get(name).shape().subList(1, start.get(name).shape().size());
            inputs.put(name, new AdamInput(values, row, from, to, recipe.steps()));
        });
        Map<String, Tensor> fixed = fixed(from, to);
        double[] distances = new double[2];
        for (int step = 0; step < recipe.steps(); step++) {
            report((long) batches * recipe.steps());
            Map<String, Tensor> all = new LinkedHashMap<>(fixed);
            inputs.forEach((name, input) -> all.put(name, input.tensor()));
            Map<String, Tensor> results = runner.run(Feed.of(runner, all));
            distances[1] = Tensors.toDoubles(results.get(objective.distance()))[0];
            distances[0] = step == 0 ? distances[1] : distances[0];
            inputs.forEach((name, input) -> input.step(
                    Tensors.toFloats(results.get(objective.gradients().get(name)))));
        }
        return distances;
    }

    private synchronized void report(long steps) {
        context.checkCancelled();
        context.progress("synthesising inputs", begun, steps);
        begun++;
    }

    private void count(double[] distances) {
        before += distances[0];
        after += distances[1];
    }

    /** What is fed at every step: inputs that are no real numbers. */
    private Map<String, Tensor> fixed(int from, int to) {
        int[] examples = IntStream.range(from, to).toArray();
        Map<String, Tensor> fixed = new LinkedHashMap<>();
        start.forEach((name, array) -> {
            if (!objective.gradients().containsKey(name)) {
                fixed.put(name, Tensors.sliced(array, 0, examples));
            }
        });
        return fixed;
    }
}
