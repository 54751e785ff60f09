package io.espalier.engine.verify;

import io.espalier.graph.operator.Nodes;
import io.espalier.spi.execution.ExecutionException;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.execution.GraphExecutor.Settings;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * Runs programs on the inputs of one proof, each program by one worker: it is loaded, run on one input after the other,
 * and closed. A program is loaded while the original is still asked which inputs it accepts.
 */
final class ProofRuns {

    private final GraphExecutor executor;
    private final Workers workers;
    private final CompletableFuture<List<Map<String, Tensor>>> inputs = new CompletableFuture<>();

    ProofRuns(GraphExecutor executor, Workers workers) {
        this.executor = executor;
        this.workers = workers;
    }

    /**
     * Loads the native libraries of the executor, in this thread and before any worker starts. The dynamic linker of glibc
     * hangs for ever when one thread loads a library while another, inside a walk over the loaded ones, looks up a symbol, which
     * is what the libraries of DL4J and TFLite do while they are set up.
     */
    void load() {
        ValueType one = new ValueType(DataType.FLOAT32, Optional.of(List.of(new Dimension.Fixed(1))));
        Graph graph = new Graph(
                "loading",
                Map.of("x", one),
                List.of("y"),
                List.of(Nodes.add("x", "x", "y")),
                Map.of(),
                Map.of("y", one));
        prepare(graph).close();
    }

    /** Starts the original, which decides what the others are run on. */
    Pending<List<Map<String, Tensor>>> startOriginal(Supplier<Runner> original, ProofInputs tried) {
        return workers.start(() -> {
            try (Runner runner = original.get()) {
                return tried.run(runner, inputs::complete, workers::checkOpen);
            } catch (RuntimeException | Error e) {
                inputs.completeExceptionally(e);
                throw e;
            }
        });
    }

    /** Starts a program; the result is what it makes of each input. */
    Pending<List<Map<String, Tensor>>> start(Supplier<Runner> program) {
        return workers.start(() -> {
            List<Map<String, Tensor>> outputs = new ArrayList<>();
            run(program, (input, values) -> outputs.add(values));
            return outputs;
        });
    }

    /** Starts work that runs programs itself. */
    <T> Pending<T> startWork(Supplier<T> work) {
        return workers.start(work);
    }

    /** Takes what a program makes of an input. */
    @FunctionalInterface
    interface Outputs {
        void accept(int input, Map<String, Tensor> values);
    }

    /** Runs a program in this thread. */
    void run(Supplier<Runner> program, Outputs outputs) {
        try (Runner runner = program.get()) {
            List<Map<String, Tensor>> given = inputs();
            for (int input = 0; input < given.size(); input++) {
                workers.checkOpen();
                outputs.accept(input, runner.run(given.get(input)));
            }
        }
    }

    /**
     * A graph, loaded for a proof.
     *
     * @throws ExecutionException when the runtime refuses it
     */
    Runner prepare(Graph graph) {
        return executor.prepare(graph, Settings.DEFAULT);
    }

    /** The same, computed operator by operator as it is written. */
    Runner prepareUnoptimised(Graph graph) {
        return executor.prepare(graph, Settings.PLAIN);
    }

    /** The inputs that the original accepts; waits until they are known. */
    List<Map<String, Tensor>> inputs() {
        try {
            return inputs.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }
}
