package io.espalier.engine.evidence;

import io.espalier.engine.loss.ChosenLoss;
import io.espalier.engine.loss.LossGraph;
import io.espalier.graph.cost.TrainableConstants;
import io.espalier.graph.gradient.Differentiation;
import io.espalier.graph.gradient.Gradients;
import io.espalier.graph.operator.Operators;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Quoted;
import io.espalier.spi.criterion.Evidence;
import io.espalier.spi.criterion.SliceFisher;
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
import java.util.Set;

/** Runs the loss and its gradient by all parameters over the calibration data, batch by batch. Used once. */
final class GradientSweep {

    private static final int EXAMPLES_AT_ONCE = 16;

    private final SweepContext context;
    private final Set<Evidence<?>> kinds;
    private final SampleGradients samples;
    private final Map<String, double[]> sums = new LinkedHashMap<>();
    private final Map<String, Map<Integer, List<double[]>>> products = new LinkedHashMap<>();
    private final Map<String, Tensor> parameters = new LinkedHashMap<>();
    private int batches;

    /**
     * Prepares the sweep.
     *
     * @param kinds what is asked for: each gradient or square that is held takes eight bytes a parameter
     */
    GradientSweep(SweepContext context, Set<Evidence<?>> kinds) {
        this.context = context;
        this.kinds = kinds;
        this.samples = new SampleGradients(kinds.contains(Evidence.SQUARED_GRADIENTS));
    }

    void run() {
        Operators operators = context.coupling().operators();
        Batches data = context.calibration().with(BatchOptions.of(byExample() ? 1 : EXAMPLES_AT_ONCE));
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
                if (byExample()) {
                    addExamples(batch, loss, runner, gradients.byValue());
                } else {
                    addBatch(results(runner, loss.inputs(batch), gradients.byValue()));
                }
                done += batch.size();
            }
            if (samples.count() > 0) {
                addBatch(samples.takeMeans());
            }
            context.run().progress("measuring gradients", done, data.examples());
        }
    }

    private boolean byExample() {
        return kinds.contains(Evidence.SLICE_FISHER) || kinds.contains(Evidence.SQUARED_GRADIENTS);
    }

    /** Gradients are linear: those of a batch are means of those of its examples. */
    private void addExamples(Batch batch, LossGraph loss, Runner runner, Map<String, String> outputs) {
        for (int row = 0; row < batch.size(); row++) {
            results(runner, loss.inputs(batch, row), outputs)
                    .forEach((name, gradient) -> samples.add(name, parameters.get(name), gradient));
            samples.next();
            if (samples.count() == EXAMPLES_AT_ONCE) {
                addBatch(samples.takeMeans());
            }
        }
    }

    private void addBatch(Map<String, double[]> gradients) {
        gradients.forEach(this::add);
        batches++;
    }

    private static Map<String, double[]> results(
            Runner runner, Map<String, Tensor> inputs, Map<String, String> outputs) {
        Map<String, Tensor> results = runner.run(needed(runner, inputs));
        Map<String, double[]> gradients = new LinkedHashMap<>();
        outputs.forEach((name, output) -> {
            double[] values = Tensors.toDoubles(results.get(output));
            requireFinite(name, values);
            gradients.put(name, values);
        });
        return gradients;
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

    private void add(String parameter, double[] values) {
        if (kinds.contains(Evidence.LOSS_GRADIENTS)) {
            double[] sum = sums.computeIfAbsent(parameter, name -> new double[values.length]);
            Arrays.setAll(sum, i -> sum[i] + values[i]);
        }
        Tensor weight = parameters.get(parameter);
        double[] product = Slices.products(weight, values);
        Map<Integer, List<double[]>> byAxis = products.computeIfAbsent(parameter, name -> new LinkedHashMap<>());
        for (int axis = 0; axis < weight.shape().size(); axis++) {
            byAxis.computeIfAbsent(axis, each -> new ArrayList<>()).add(Slices.sums(product, weight.shape(), axis));
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

    /** The gradient by each parameter, averaged over the batches. */
    Map<String, Tensor> gradients() {
        return means(sums, batches);
    }

    SliceGradients slices() {
        return axis -> products.getOrDefault(axis.parameter(), Map.of()).getOrDefault(axis.axis(), List.of());
    }

    /** The squares of the gradients of examples, averaged. */
    Map<String, Tensor> squares() {
        return means(samples.squares(), samples.all());
    }

    SliceFisher fisher() {
        return samples::fisher;
    }

    private Map<String, Tensor> means(Map<String, double[]> totals, long count) {
        Map<String, Tensor> means = new LinkedHashMap<>();
        totals.forEach((name, total) -> {
            double[] mean = Arrays.stream(total).map(each -> each / count).toArray();
            means.put(
                    name,
                    Tensors.fromDoubles(DataType.FLOAT64, parameters.get(name).shape(), mean));
        });
        return means;
    }
}
