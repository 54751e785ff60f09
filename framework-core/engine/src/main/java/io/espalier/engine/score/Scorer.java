package io.espalier.engine.score;

import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.label.LabelledAxis;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.RunContext;
import io.espalier.spi.criterion.ImportanceCriterion;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.option.Options;
import io.espalier.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Asks a criterion for the scores of every labelled index of every parameter.
 *
 * <p>The result does not depend on the number of threads: each index is scored on its own and combined in the order of
 * the graph.
 */
public final class Scorer {

    private static final String PHASE = "scoring parameters";

    private final ImportanceCriterion criterion;
    private final Options options;
    private final int threads;
    private final RunContext context;

    /**
     * A scorer.
     *
     * @param options validated options of the criterion
     * @param threads how many parameters are scored at a time, at least 1
     */
    public Scorer(ImportanceCriterion criterion, Options options, int threads, RunContext context) {
        this.criterion = criterion;
        this.options = options;
        this.threads = threads;
        this.context = context;
    }

    /**
     * Scores the slices of all homes that take part.
     *
     * @throws InvalidInputException when a parameter with prunable channels holds numbers that are not finite, or the
     *     criterion returns scores that cannot be used
     */
    public SliceScores score(Graph graph, Coupling coupling) {
        Scratch.Pool pool = new Scratch.Pool();
        Weights weights = Weights.of(graph);
        Map<String, TensorBlocks> constants = new LinkedHashMap<>();
        List<Callable<double[]>> tasks = new ArrayList<>();
        List<int[]> classes = new ArrayList<>();
        for (LabelledAxis labelledAxis : coupling.labelledAxes()) {
            String name = labelledAxis.use().constant();
            Tensor tensor = weights.numbers(name);
            TensorBlocks blocks = constants.computeIfAbsent(name, constant -> new TensorBlocks(constant, tensor, pool));
            if (criterion.scores(labelledAxis.role()) && !weights.isSetting(name)) {
                classes.add(coupling.classesAt(labelledAxis));
                tasks.add(() ->
                        score(new SliceView(labelledAxis, coupling.slices(labelledAxis), tensor, blocks), blocks));
            }
        }
        int scored = tasks.size();
        constants
                .values()
                .forEach(blocks -> tasks.add(() -> {
                    blocks.require();
                    return new double[0];
                }));
        List<double[]> results = threads > 1 ? inParallel(tasks) : inTurn(tasks);
        return new SliceScores(classes, results.subList(0, scored));
    }

    private double[] score(SliceView view, TensorBlocks blocks) {
        context.checkCancelled();
        double[] scores = criterion.score(view, options, context);
        blocks.require();
        if (scores.length != view.size()) {
            throw new InvalidInputException("The criterion '" + criterion.name() + "' returned " + scores.length
                    + " scores for the " + view.size() + " slices of '" + view.parameter()
                    + "'; this is a defect of the plug-in that offers it.");
        }
        for (int slice = 0; slice < scores.length; slice++) {
            if (!Double.isFinite(scores[slice])) {
                throw new InvalidInputException("The criterion '" + criterion.name() + "' scores slice " + slice
                        + " of '" + view.parameter() + "' as " + scores[slice]
                        + ", which is not a finite number; choose another criterion or other options.");
            }
        }
        return scores;
    }

    private List<double[]> inTurn(List<Callable<double[]>> tasks) {
        List<double[]> results = new ArrayList<>();
        for (Callable<double[]> task : tasks) {
            results.add(call(task));
            context.progress(PHASE, results.size(), tasks.size());
        }
        return results;
    }

    private List<double[]> inParallel(List<Callable<double[]>> tasks) {
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Future<double[]>> futures =
                    tasks.stream().map(executor::submit).toList();
            List<double[]> results = new ArrayList<>();
            for (Future<double[]> future : futures) {
                results.add(call(future::get));
                context.progress(PHASE, results.size(), tasks.size());
            }
            return results;
        } finally {
            executor.shutdownNow();
        }
    }

    private static double[] call(Callable<double[]> task) {
        try {
            return task.call();
        } catch (RuntimeException e) {
            throw e;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            if (e.getCause() instanceof Error cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("scoring was interrupted");
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
