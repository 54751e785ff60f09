package io.espalier.engine.evidence;

import io.espalier.engine.loss.LossGraph;
import io.espalier.graph.cost.TrainableConstants;
import io.espalier.graph.gradient.Differentiation;
import io.espalier.graph.gradient.Gradients;
import io.espalier.graph.operator.Operators;
import io.espalier.spi.criterion.Evidence;
import io.espalier.spi.criterion.SliceFisher;
import io.espalier.spi.criterion.SliceGradients;
import io.espalier.spi.data.BatchOptions;
import io.espalier.spi.data.Batches;
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

    static final int EXAMPLES_AT_ONCE = 16;
    /** As many sums of slices are held, for each position of each axis of each parameter. */
    private static final int MOST_BATCHES = 256;

    private static final String PHASE = "measuring gradients";

    private final SweepContext context;
    private final Set<Evidence<?>> kinds;
    private final SampleGradients samples;
    private final Map<String, double[]> sums = new LinkedHashMap<>();
    private final Map<String, Map<Integer, List<double[]>>> products = new LinkedHashMap<>();
    private final Map<String, Tensor> parameters = new LinkedHashMap<>();
    private int batches;
    private final RunningMeans latest = new RunningMeans();

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
        Batches data = context.data().with(BatchOptions.of(byExample() ? 1 : EXAMPLES_AT_ONCE));
        Graph original = context.graph();
        LossGraph loss = LossGraph.of(original, operators, SweepContext.first(data), context.chosen());
        loss.require(data);
        Map<String, Tensor> constants = loss.graph().constants();
        TrainableConstants.realWithBodies(original, operators).stream()
                .filter(constants::containsKey)
                .forEach(name -> parameters.put(name, constants.get(name)));
        Gradients gradients = Differentiation.of(loss.graph(), operators, loss.loss(), parameters.keySet());
        try (GradientRuns runs = GradientRuns.of(gradients, context.executor(), context.threads())) {
            int runsPerBatch = runsPerBatch(data.examples());
            runs.each(
                    new FedRuns(context, PHASE, byExample(), Map.of()).of(data, loss),
                    each -> take(each, runsPerBatch));
        }
        if (latest.count() > 0) {
            addBatch(latest.take());
        }
        context.run().progress(PHASE, data.examples(), data.examples());
    }

    private boolean byExample() {
        return kinds.contains(Evidence.SLICE_FISHER) || kinds.contains(Evidence.SQUARED_GRADIENTS);
    }

    /** Gradients are linear: those of several runs are means of those of each. */
    private void take(Map<String, double[]> gradients, int runsPerBatch) {
        if (byExample()) {
            gradients.forEach((name, gradient) -> samples.add(name, parameters.get(name), gradient));
            samples.next();
        }
        latest.add(gradients);
        if (latest.count() == runsPerBatch) {
            addBatch(latest.take());
        }
    }

    /** With many examples a batch is longer than a run: what is held of batches has a limit. */
    private int runsPerBatch(long examples) {
        long batches = (examples + EXAMPLES_AT_ONCE - 1) / EXAMPLES_AT_ONCE;
        int runs = Math.toIntExact((batches + MOST_BATCHES - 1) / MOST_BATCHES);
        return byExample() ? runs * EXAMPLES_AT_ONCE : runs;
    }

    private void addBatch(Map<String, double[]> gradients) {
        gradients.forEach(this::add);
        batches++;
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
