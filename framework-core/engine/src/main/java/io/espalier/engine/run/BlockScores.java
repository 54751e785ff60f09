package io.espalier.engine.run;

import io.espalier.engine.depth.ResidualBlock;
import io.espalier.engine.depth.Shortened;
import io.espalier.engine.evaluate.Evaluation;
import io.espalier.engine.evaluate.OutputDeviation;
import io.espalier.engine.verify.RandomInputs;
import io.espalier.engine.verify.VerificationOptions;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.RunContext;
import io.espalier.spi.data.Batch;
import io.espalier.spi.data.BatchOptions;
import io.espalier.spi.data.Batches;
import io.espalier.spi.data.Dataset;
import io.espalier.spi.execution.ExecutionException;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.execution.GraphExecutor.Purpose;
import io.espalier.spi.execution.GraphExecutor.Settings;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Scores residual blocks by what the outputs lose without them: the share of their variance over some examples that is not
 * explained by the outputs of the network without the block. Nothing is estimated: each network is run.
 */
final class BlockScores {

    private static final int EXAMPLES = 256;
    private static final int BATCH = 32;
    private static final int RANDOM_INPUTS = 64;

    private final GraphExecutor executor;
    private final RunContext context;
    private final List<Example> examples;
    private final List<Map<String, Tensor>> wanted;

    /** Some inputs; of a batch, where they are data. */
    private record Example(Map<String, Tensor> inputs, Optional<Batch> batch) {}

    private BlockScores(GraphExecutor executor, RunContext context, List<Example> examples, Graph original) {
        this.executor = executor;
        this.context = context;
        this.examples = examples;
        this.wanted = outputs(original);
    }

    /**
     * Prepares to score the blocks of a model on the examples of a decision, or on random inputs.
     *
     * @throws InvalidInputException when the model cannot be run for it
     */
    static BlockScores of(Decision decision, PruningRequest request, Analysis analysis, RunContext context) {
        Graph graph = analysis.model().graph();
        if (!VerificationOptions.fits(graph, request.verification().memory())) {
            throw unusable(
                    "the runtime would need more memory than the verification may take; give it more with --memory");
        }
        List<Example> examples = decision.depth()
                .examples()
                .map(data -> examples(graph, data, context))
                .orElseGet(() -> random(decision.seed(), analysis));
        try {
            return new BlockScores(request.input().executor(), context, examples, graph);
        } catch (ExecutionException e) {
            throw unusable("the runtime does not run the neutral graph (" + e.getMessage() + ")");
        }
    }

    private static InvalidInputException unusable(String reason) {
        return new InvalidInputException("Residual blocks are compared by what the model gives without them, but "
                + reason + "; or leave --depth out.");
    }

    private static List<Example> examples(Graph graph, Dataset data, RunContext context) {
        List<Example> examples = new ArrayList<>();
        BatchOptions options = BatchOptions.of(BATCH).atMost(EXAMPLES);
        Batches.of(graph, data, options, context)
                .forEach(batch -> examples.add(new Example(batch.inputs(), Optional.of(batch))));
        return examples;
    }

    private static List<Example> random(long seed, Analysis analysis) {
        RandomInputs inputs = new RandomInputs(
                analysis.model().graph(), analysis.shapes(), analysis.coupling().operators());
        List<Example> examples = new ArrayList<>();
        for (int number = 0; number < RANDOM_INPUTS; number++) {
            examples.add(new Example(inputs.make(seed + number, analysis.costs().symbols()), Optional.empty()));
        }
        return examples;
    }

    /**
     * For each of some blocks, what is lost without it and those that are gone, from 0 to 1.
     *
     * @throws InvalidInputException when no output varies over the examples
     */
    double[] without(Shortened rest, List<ResidualBlock> blocks) {
        double[] deviations = new double[blocks.size()];
        for (int block = 0; block < deviations.length; block++) {
            deviations[block] =
                    deviation(outputs(rest.without(blocks.get(block)).graph()));
            if (Double.isNaN(deviations[block])) {
                throw unusable("no output of it varies over the examples");
            }
        }
        return deviations;
    }

    private List<Map<String, Tensor>> outputs(Graph graph) {
        List<Map<String, Tensor>> outputs = new ArrayList<>();
        try (Runner runner = executor.prepare(graph, Settings.of(Purpose.EVALUATION))) {
            for (Example example : examples) {
                context.checkCancelled();
                Map<String, Tensor> given = runner.run(example.inputs());
                outputs.add(example.batch()
                        .map(batch -> Evaluation.withoutPadding(given, batch))
                        .orElse(given));
            }
        }
        return outputs;
    }

    private double deviation(List<Map<String, Tensor>> found) {
        OutputDeviation deviation = new OutputDeviation();
        for (int example = 0; example < found.size(); example++) {
            deviation.add(wanted.get(example), found.get(example));
        }
        return deviation.value();
    }
}
