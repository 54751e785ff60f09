package io.espalier.engine.evidence;

import io.espalier.engine.loss.ChosenLoss;
import io.espalier.engine.loss.LossGraph;
import io.espalier.graph.cost.TrainableConstants;
import io.espalier.graph.gradient.Differentiation;
import io.espalier.graph.gradient.Gradients;
import io.espalier.graph.operator.Operators;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Quoted;
import io.espalier.spi.criterion.SliceGradients;
import io.espalier.spi.data.Batch;
import io.espalier.spi.data.BatchOptions;
import io.espalier.spi.data.Batches;
import io.espalier.spi.execution.GraphExecutor.Purpose;
import io.espalier.spi.execution.GraphExecutor.Settings;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs the loss and its gradient by all parameters over the calibration data, batch by batch. Used once. */
final class GradientSweep {

    private static final int EXAMPLES_AT_ONCE = 16;

    private final SweepContext context;
    private final boolean wantsGradients;
    private final Map<String, double[]> sums = new LinkedHashMap<>();
    private final Map<String, Map<Integer, List<double[]>>> products = new LinkedHashMap<>();
    private final Map<String, Tensor> parameters = new LinkedHashMap<>();
    private int batches;

    /**
     * Prepares the sweep.
     *
     * @param wantsGradients whether the gradients themselves are held, which takes eight bytes a parameter
     */
    GradientSweep(SweepContext context, boolean wantsGradients) {
        this.context = context;
        this.wantsGradients = wantsGradients;
    }

    void run() {
        Operators operators = context.coupling().operators();
        Batches data = context.calibration().with(BatchOptions.of(EXAMPLES_AT_ONCE));
        Graph original = context.graph();
        LossGraph loss = LossGraph.of(original, operators, first(data), chosen());
        loss.require(data);
        TrainableConstants.real(original, operators)
                .forEach(name -> parameters.put(name, loss.graph().constants().get(name)));
        Gradients gradients = Differentiation.of(loss.graph(), operators, loss.loss(), parameters.keySet());
        List<String> outputs = gradients.byValue().values().stream().distinct().toList();
        try (Runner runner =
                context.executor().prepare(gradients.returning(outputs), Settings.of(Purpose.EVALUATION))) {
            long done = 0;
            for (Batch batch : data) {
                context.run().checkCancelled();
                context.run().progress("measuring gradients", done, data.examples());
                Map<String, Tensor> results = runner.run(needed(runner, loss.inputs(batch)));
                gradients.byValue().forEach((name, gradient) -> add(name, results.get(gradient)));
                done += batch.size();
                batches++;
            }
            context.run().progress("measuring gradients", done, data.examples());
        }
    }

    private ChosenLoss chosen() {
        return context.loss()
                .orElseThrow(() -> new InvalidInputException("No loss says what gradients are taken of; choose one."));
    }

    private static Batch first(Batches data) {
        for (Batch batch : data) {
            return batch;
        }
        throw new InvalidInputException("The calibration data has no examples.");
    }

    private static Map<String, Tensor> needed(Runner runner, Map<String, Tensor> all) {
        Map<String, Tensor> needed = new LinkedHashMap<>();
        runner.inputs().forEach(name -> needed.put(name, all.get(name)));
        return needed;
    }

    private void add(String parameter, Tensor gradient) {
        double[] values = Tensors.toDoubles(gradient);
        requireFinite(parameter, values);
        if (wantsGradients) {
            double[] sum = sums.computeIfAbsent(parameter, name -> new double[values.length]);
            Arrays.setAll(sum, i -> sum[i] + values[i]);
        }
        double[] weight = Tensors.toDoubles(parameters.get(parameter));
        Arrays.setAll(weight, i -> weight[i] * values[i]);
        List<Long> shape = gradient.shape();
        Map<Integer, List<double[]>> byAxis = products.computeIfAbsent(parameter, name -> new LinkedHashMap<>());
        for (int axis = 0; axis < shape.size(); axis++) {
            byAxis.computeIfAbsent(axis, each -> new ArrayList<>()).add(bySlice(weight, shape, axis));
        }
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

    private static double[] bySlice(double[] elements, List<Long> shape, int axis) {
        int extent = Math.toIntExact(shape.get(axis));
        int inner =
                Math.toIntExact(shape.subList(axis + 1, shape.size()).stream().reduce(1L, (a, b) -> a * b));
        double[] sums = new double[extent];
        for (int i = 0; i < elements.length; i++) {
            sums[i / inner % extent] += elements[i];
        }
        return sums;
    }

    /** The gradient by each parameter, averaged over the batches. */
    Map<String, Tensor> gradients() {
        Map<String, Tensor> means = new LinkedHashMap<>();
        sums.forEach((name, sum) -> {
            double[] mean = sum.clone();
            for (int i = 0; i < mean.length; i++) {
                mean[i] /= batches;
            }
            means.put(
                    name,
                    Tensors.fromDoubles(DataType.FLOAT64, parameters.get(name).shape(), mean));
        });
        return means;
    }

    SliceGradients slices() {
        return axis -> products.getOrDefault(axis.parameter(), Map.of()).getOrDefault(axis.axis(), List.of());
    }
}
