package io.espalier.engine.evidence;

import io.espalier.graph.gradient.Gradients;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Quoted;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.execution.GraphExecutor.Purpose;
import io.espalier.spi.execution.GraphExecutor.Settings;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs a graph that computes gradients. */
final class GradientRuns implements AutoCloseable {

    private final Runner runner;
    private final Map<String, String> outputs;

    private GradientRuns(Runner runner, Map<String, String> outputs) {
        this.runner = runner;
        this.outputs = outputs;
    }

    static GradientRuns of(Gradients gradients, GraphExecutor executor) {
        List<String> outputs = gradients.byValue().values().stream().distinct().toList();
        Runner runner = executor.prepare(gradients.returning(outputs), Settings.of(Purpose.EVALUATION));
        return new GradientRuns(runner, gradients.byValue());
    }

    /**
     * The gradient by each value.
     *
     * @param inputs at least those of the graph
     * @throws InvalidInputException when one is not finite
     */
    Map<String, double[]> run(Map<String, Tensor> inputs) {
        Map<String, Tensor> needed = new LinkedHashMap<>();
        runner.inputs().forEach(name -> needed.put(name, inputs.get(name)));
        Map<String, Tensor> results = runner.run(needed);
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
        runner.close();
    }
}
