package io.espalier.engine.verify;

import io.espalier.engine.verify.Verification.Outcome;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.execution.ExecutionException;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.execution.GraphExecutor.Settings;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Proves a cut of a model that draws random numbers. The neutral graphs of both files are compared with the same numbers; of
 * what the files compute in their own runtime, the outputs that depend on no random number are compared with these graphs.
 */
final class ReplayedProof {

    private final EquivalenceCheck check;
    private final ReplayedNoise noise;
    private final ProofInputs inputs;
    private final GraphExecutor executor;

    ReplayedProof(EquivalenceCheck check, ReplayedNoise noise, ProofInputs inputs, GraphExecutor executor) {
        this.check = check;
        this.noise = noise;
        this.inputs = inputs;
        this.executor = executor;
    }

    /**
     * Adds to a proof of the graphs that the files compute what their graphs do.
     *
     * @param graphs the verdict on the graphs
     */
    Verification prove(Verification graphs, Model original, Model pruned) {
        if (graphs.outcome() != Outcome.PROVED) {
            return graphs;
        }
        Set<String> settled = noise.settled(original.graph());
        try {
            Map<String, Tensor> input = accepted(original);
            Optional<Double> lift = difference(original, input, settled);
            if (lift.isPresent()) {
                return Verification.wrongLift(lift.get());
            }
            return difference(pruned, input, settled)
                    .map(found ->
                            Verification.failed("the pruned file computes something else in its own runtime than as"
                                    + " a neutral graph (relative difference " + found + ")"))
                    .orElse(graphs);
        } catch (ExecutionException refused) {
            return Verification.failed("the runtime refuses a file whose graph runs: " + refused.getMessage());
        }
    }

    /** Inputs that the file accepts, without the numbers it draws itself. */
    private Map<String, Tensor> accepted(Model model) {
        ExecutionException last = null;
        for (Map<String, Long> extents : inputs.candidates()) {
            Map<String, Tensor> input = new LinkedHashMap<>(inputs.first(extents));
            input.keySet().retainAll(model.graph().inputs().keySet());
            try (Runner runner = model.runner()) {
                runner.run(input);
                return input;
            } catch (ExecutionException refused) {
                last = refused;
            }
        }
        throw last;
    }

    /** How far a file is from its graph; empty when no farther than rounding. */
    private Optional<Double> difference(Model model, Map<String, Tensor> input, Set<String> settled) {
        Graph graph = model.graph();
        Comparison difference = check.comparison();
        try (Runner own = model.runner();
                Runner lifted = executor.prepare(graph, Settings.DEFAULT)) {
            Map<String, Tensor> expected = new LinkedHashMap<>(lifted.run(input));
            Map<String, Tensor> actual = new LinkedHashMap<>(own.run(input));
            expected.keySet().retainAll(settled);
            actual.keySet().retainAll(settled);
            difference.add(expected, actual);
        }
        boolean agrees = settled.isEmpty() || difference.isWithin(check.tolerance(0));
        return agrees ? Optional.empty() : Optional.of(difference.maxRelative());
    }
}
