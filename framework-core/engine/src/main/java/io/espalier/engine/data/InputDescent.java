package io.espalier.engine.data;

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
    private double before;
    private double after;

    private InputDescent(
            InputObjective objective, SyntheticExamples.Recipe recipe, Map<String, Tensor> start, RunContext context) {
        this.objective = objective;
        this.recipe = recipe;
        this.start = start;
        this.context = context;
    }

    /** The examples for a model, after the descent where they ask for it and the model allows it. */
    public static SyntheticExamples of(
            SyntheticExamples examples, Graph graph, GraphExecutor executor, RunContext context) {
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
                .map(each -> descended(each, noise, executor, context))
                .orElseGet(() -> noise.because(
                        "the model has no batch norm that holds statistics and that gradients lead away from"));
    }

    private static SyntheticExamples descended(
            InputObjective objective, SyntheticExamples noise, GraphExecutor executor, RunContext context) {
        InputDescent descent = new InputDescent(objective, noise.recipe(), noise.arrays(), context);
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
        try (Runner runner = executor.prepare(objective.graph(), Settings.of(Purpose.EVALUATION))) {
            for (int batch = 0; batch < batches; batch++) {
                descend(runner, rows, batch, batches);
            }
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

    /** Batches of nearly equal size. */
    private void descend(Runner runner, Map<String, float[]> rows, int batch, int batches) {
        int from = (int) ((long) recipe.count() * batch / batches);
        int to = (int) ((long) recipe.count() * (batch + 1) / batches);
        Map<String, AdamInput> inputs = new LinkedHashMap<>();
        rows.forEach((name, values) -> {
            List<Long> row =
                    start.get(name).shape().subList(1, start.get(name).shape().size());
            inputs.put(name, new AdamInput(values, row, from, to, recipe.steps()));
        });
        Map<String, Tensor> fixed = fixed(from, to);
        for (int step = 0; step < recipe.steps(); step++) {
            context.checkCancelled();
            context.progress(
                    "synthesising inputs", (long) batch * recipe.steps() + step, (long) batches * recipe.steps());
            Map<String, Tensor> all = new LinkedHashMap<>(fixed);
            inputs.forEach((name, input) -> all.put(name, input.tensor()));
            Map<String, Tensor> fed = new LinkedHashMap<>();
            runner.inputs().forEach(name -> fed.put(name, all.get(name)));
            Map<String, Tensor> results = runner.run(fed);
            count(step, Tensors.toDoubles(results.get(objective.distance()))[0]);
            inputs.forEach((name, input) -> input.step(
                    Tensors.toFloats(results.get(objective.gradients().get(name)))));
        }
    }

    private void count(int step, double distance) {
        if (step == 0) {
            before += distance;
        }
        if (step == recipe.steps() - 1) {
            after += distance;
        }
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
