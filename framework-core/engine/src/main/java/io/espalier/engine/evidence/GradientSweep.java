package io.espalier.engine.evidence;

import io.espalier.engine.loss.LossGraph;
import io.espalier.graph.cost.TrainableConstants;
import io.espalier.graph.gradient.Differentiation;
import io.espalier.graph.gradient.Gradients;
import io.espalier.graph.operator.Operators;
import io.espalier.spi.criterion.Evidence;
import io.espalier.spi.criterion.SliceFisher;
import io.espalier.spi.criterion.SliceGradients;
import io.espalier.spi.data.Batch;
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
        Batches data = context.data().with(BatchOptions.of(byExample() ? 1 : EXAMPLES_AT_ONCE));
        Graph original = context.graph();
        LossGraph loss = LossGraph.of(original, operators, SweepContext.first(data), context.chosen());
        loss.require(data);
        TrainableConstants.real(original, operators)
                .forEach(name -> parameters.put(name, loss.graph().constants().get(name)));
        Gradients gradients = Differentiation.of(loss.graph(), operators, loss.loss(), parameters.keySet());
        try (GradientRuns runs = GradientRuns.of(gradients, context.executor())) {
            long done = 0;
            for (Batch batch : data) {
                context.run().checkCancelled();
                context.run().progress("measuring gradients", done, data.examples());
                if (byExample()) {
                    addExamples(batch, loss, runs);
                } else {
                    addBatch(runs.run(loss.inputs(batch)));
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
    private void addExamples(Batch batch, LossGraph loss, GradientRuns runs) {
        for (int row = 0; row < batch.size(); row++) {
            runs.run(loss.inputs(batch, row))
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
