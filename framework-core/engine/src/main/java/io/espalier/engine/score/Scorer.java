package io.espalier.engine.score;

import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.label.LabelledAxis;
import io.espalier.engine.evidence.EvidenceCollector;
import io.espalier.engine.guard.CriterionGuard;
import io.espalier.engine.guard.PluginException;
import io.espalier.engine.task.Results;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.RunContext;
import io.espalier.spi.criterion.ImportanceCriterion;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.option.Options;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/**
 * Asks a criterion for scores: of every labelled index of every parameter, or of every coupled channel.
 *
 * <p>The result does not depend on the number of threads: each index is scored on its own and combined in the order of
 * the graph.
 */
public final class Scorer {

    private static final String PHASE = "scoring parameters";

    private final ImportanceCriterion criterion;
    private final CriterionGuard guard;
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
        this.guard = new CriterionGuard(criterion);
        this.options = options;
        this.threads = threads;
        this.context = context;
    }

    /**
     * Scores all channels, slice by slice or as a whole, as the criterion does.
     *
     * @throws InvalidInputException when a parameter with prunable channels holds numbers that are not finite, or the
     *     criterion declares evidence that cannot be collected
     * @throws PluginException when the criterion returns scores that cannot be used
     */
    public SliceScores score(Graph graph, Coupling coupling) {
        return score(graph, coupling, Optional.empty());
    }

    /**
     * As {@link #score(Graph, Coupling)}, with calibration data.
     *
     * @param collector measures the evidence that the criterion declares
     */
    public SliceScores score(Graph graph, Coupling coupling, Optional<EvidenceCollector> collector) {
        try (CollectedEvidence evidence = CollectedEvidence.of(criterion, collector)) {
            return score(graph, coupling, evidence);
        }
    }

    private SliceScores score(Graph graph, Coupling coupling, CollectedEvidence evidence) {
        ScoredParameters parameters = new ScoredParameters(graph, coupling);
        EngineScoringContext scoring =
                new EngineScoringContext(graph, options, evidence, context, () -> ClassGroup.of(coupling, parameters));
        List<int[]> classes = new ArrayList<>();
        List<Supplier<double[]>> tasks = new ArrayList<>();
        if (guard.scoresSlices()) {
            for (LabelledAxis axis : coupling.labelledAxes()) {
                if (guard.scores(axis.role()) && parameters.isScored(axis)) {
                    classes.add(coupling.classesAt(axis));
                    TensorBlocks blocks = parameters.blocks(axis);
                    tasks.add(() -> {
                        double[] scores = score(() -> guard.score(parameters.view(axis), scoring), List.of(blocks));
                        blocks.require();
                        return scores;
                    });
                }
            }
        } else {
            for (ClassGroup group : scoring.classGroups()) {
                if (guard.scores(group, scoring)) {
                    classes.add(group.classes());
                    tasks.add(() -> score(() -> guard.score(group, scoring), parameters.all()));
                }
            }
        }
        int scored = tasks.size();
        parameters
                .all()
                .forEach(blocks -> tasks.add(() -> {
                    blocks.require();
                    return new double[0];
                }));
        List<double[]> results = threads > 1 ? inParallel(tasks) : inTurn(tasks);
        return new SliceScores(classes, results.subList(0, scored));
    }

    private double[] score(Supplier<double[]> score, Collection<TensorBlocks> read) {
        context.checkCancelled();
        try {
            return score.get();
        } catch (PluginException | InvalidInputException e) {
            // Weights that are not finite explain whatever the criterion made of them.
            read.forEach(TensorBlocks::require);
            throw e;
        }
    }

    private List<double[]> inTurn(List<Supplier<double[]>> tasks) {
        List<double[]> results = new ArrayList<>();
        for (Supplier<double[]> task : tasks) {
            results.add(task.get());
            context.progress(PHASE, results.size(), tasks.size());
        }
        return results;
    }

    private List<double[]> inParallel(List<Supplier<double[]>> tasks) {
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Future<double[]>> futures =
                    tasks.stream().map(task -> executor.submit(task::get)).toList();
            List<double[]> results = new ArrayList<>();
            for (Future<double[]> future : futures) {
                results.add(Results.of(future, "scoring"));
                context.progress(PHASE, results.size(), tasks.size());
            }
            return results;
        } finally {
            executor.shutdownNow();
        }
    }
}
