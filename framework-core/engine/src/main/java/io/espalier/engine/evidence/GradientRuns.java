package io.espalier.engine.evidence;

import io.espalier.engine.task.Feed;
import io.espalier.engine.task.SideBySide;
import io.espalier.graph.gradient.Gradients;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Quoted;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.execution.GraphExecutor.Purpose;
import io.espalier.spi.execution.GraphExecutor.Settings;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Runs a graph that computes gradients, for several inputs at a time. */
final class GradientRuns implements AutoCloseable {

    private final SideBySide runs;
    private final Map<String, String> outputs;

    private GradientRuns(SideBySide runs, Map<String, String> outputs) {
        this.runs = runs;
        this.outputs = outputs;
    }

    /**
     * Prepares the graph.
     *
     * @param threads how many inputs it runs on at a time, at least 1; what comes out does not depend on it
     */
    static GradientRuns of(Gradients gradients, GraphExecutor executor, int threads) {
        List<String> outputs = gradients.byValue().values().stream().distinct().toList();
        Graph graph = gradients.returning(outputs);
        SideBySide runs = new SideBySide(() -> executor.prepare(graph, Settings.of(Purpose.EVALUATION)), threads);
        return new GradientRuns(runs, gradients.byValue());
    }

    /**
     * The gradient by each value for each of several inputs.
     *
     * @param inputs at least those of the graph
     * @param taken takes the gradients, in the order of the inputs
     * @throws InvalidInputException when one is not finite
     */
    void each(Iterable<Map<String, Tensor>> inputs, Consumer<Map<String, double[]>> taken) {
        runs.each(inputs, this::run, taken);
    }

    /**
     * The gradient by each value.
     *
     * @param inputs at least those of the graph
     * @throws InvalidInputException when one is not finite
     */
    Map<String, double[]> run(Map<String, Tensor> inputs) {
        Map<String, double[]> gradients = new LinkedHashMap<>();
        each(List.of(inputs), gradients::putAll);
        return gradients;
    }

    private Map<String, double[]> run(Runner runner, Map<String, Tensor> inputs) {
        Map<String, Tensor> results = runner.run(Feed.of(runner, inputs));
        Map<String, double[]> gradients = new LinkedHashMap<>();
        outputs.forEach((name, output) -> {
            double[] values = Tensors.toDoubles(results.get(output));
            requireFinite(name, values);
            gradients.put(name, values);
        });
        return gradients;
    }

    private static void requireFinite(String parameter, double[] gradient) {
        Arrays.stream(gradient)
                .filter(each -> !Double.isFinite(each))
                .findFirst()
                .ifPresent(each -> {
                    throw new InvalidInputException(
                            "The gradient of the loss by " + Quoted.name(parameter) + " holds " + each
                                    + ": the network or the data is too large for single precision. Choose a criterion that needs no"
                                    + " gradients.");
                });
    }

    @Override
    public void close() {
        runs.close();
    }
}
