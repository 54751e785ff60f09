package io.espalier.engine.verify;

import io.espalier.engine.verify.Blocks.Block;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.execution.ExecutionException;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.execution.GraphExecutor.Settings;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Runs one version of a model block by block: each block starts from what the one before has given, so that in the end
 * the outputs are those of the whole. Holds the weights of one block at a time.
 */
final class BlockwiseExecution {

    /** Loads a part of a model. */
    @FunctionalInterface
    interface Parts {

        /** A runner of the part that computes some values from others. */
        Runner open(Map<String, ValueType> inputs, List<String> outputs);
    }

    private final Parts parts;
    private final Set<String> inputs;
    private final Collection<String> wanted;
    private List<Map<String, Tensor>> states;
    private OptionalInt refused = OptionalInt.empty();

    /**
     * Stands before the first block.
     *
     * @param inputs for each run, what the model is given
     * @param wanted values to return when the block that makes them has run
     */
    BlockwiseExecution(Parts parts, List<Map<String, Tensor>> inputs, Collection<String> wanted) {
        this.parts = parts;
        this.inputs = Set.copyOf(inputs.get(0).keySet());
        this.wanted = wanted;
        this.states = inputs;
    }

    /** The parts of a neutral graph. */
    static Parts of(Graph graph, GraphExecutor executor, Settings settings) {
        return (inputs, outputs) -> executor.prepare(Part.of(graph, inputs, outputs), settings);
    }

    /** The parts of a native model. */
    static Parts of(Model model) {
        return (inputs, outputs) -> model.runner(inputs, outputs)
                .orElseThrow(() -> new NoSuchPartException("no part of the model makes " + outputs));
    }

    /** The native runtime does not load parts, or not this one. */
    static final class NoSuchPartException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NoSuchPartException(String message) {
            super(message);
        }
    }

    /** The run whose inputs the runtime has refused, if it has. */
    OptionalInt refused() {
        return refused;
    }

    /**
     * Runs the next block.
     *
     * @return for each run, the values of the block that are wanted or live
     * @throws ExecutionException when the runtime refuses the block or one of the runs
     */
    List<Map<String, Tensor>> advance(Block block) {
        Set<String> outputs = new LinkedHashSet<>(block.made());
        outputs.removeIf(value ->
                value.isEmpty() || !wanted.contains(value) && !block.live().contains(value));
        if (outputs.isEmpty()) {
            return Collections.nCopies(states.size(), Map.of());
        }
        List<Map<String, Tensor>> results = new ArrayList<>();
        List<Map<String, Tensor>> next = new ArrayList<>();
        try (Runner runner = parts.open(Part.open(states.get(0)), List.copyOf(outputs))) {
            for (int run = 0; run < states.size(); run++) {
                Map<String, Tensor> result = run(runner, run);
                Map<String, Tensor> state = new LinkedHashMap<>(states.get(run));
                state.putAll(result);
                state.keySet()
                        .removeIf(value ->
                                !inputs.contains(value) && !block.live().contains(value));
                results.add(result);
                next.add(state);
            }
        }
        states = next;
        return results;
    }

    private Map<String, Tensor> run(Runner runner, int run) {
        try {
            return runner.run(states.get(run));
        } catch (ExecutionException e) {
            refused = OptionalInt.of(run);
            throw e;
        }
    }
}
