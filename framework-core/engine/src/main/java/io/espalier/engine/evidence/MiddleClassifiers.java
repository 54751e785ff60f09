package io.espalier.engine.evidence;

import io.espalier.graph.shape.Shapes;
import io.espalier.graph.symbol.Dim;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.Quoted;
import io.espalier.spi.data.Batch;
import io.espalier.spi.data.BatchOptions;
import io.espalier.spi.data.Batches;
import io.espalier.spi.execution.GraphExecutor.Purpose;
import io.espalier.spi.execution.GraphExecutor.Settings;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Fits a linear classifier at each of some points of a network. Takes eight bytes for each feature of each example. Used once.
 */
final class MiddleClassifiers {

    private static final String PHASE = "measuring features";
    private static final int EXAMPLES_AT_ONCE = 16;

    private final SweepContext context;
    private final List<MiddlePoint> points;
    private final Batches data;
    private final String output;
    private final int count;
    private final Map<MiddlePoint, List<double[]>> features = new HashMap<>();
    private final List<Integer> truth = new ArrayList<>();

    /**
     * Prepares.
     *
     * @throws InvalidInputException when neither the data has classes nor the first output scores of them
     */
    MiddleClassifiers(SweepContext context, Shapes shapes, List<MiddlePoint> points) {
        this.context = context;
        this.points = points;
        this.data = context.data().with(BatchOptions.of(EXAMPLES_AT_ONCE));
        this.output = context.graph().outputs().get(0);
        this.count = count(shapes);
    }

    private int count(Shapes shapes) {
        List<Dim> shape = shapes.shape(output).orElse(List.of());
        boolean scores =
                shape.size() == 2 && shape.get(1).isConstant() && !shape.get(1).is(1);
        if (!scores) {
            throw new InvalidInputException("Discrimination asks for a classifier of examples, and the output "
                    + Quoted.name(output) + " holds no row of scores for each. Choose another criterion.");
        }
        long classes = shape.get(1).constant();
        data.requireClasses(classes);
        return Math.toIntExact(classes);
    }

    /** The loss of the classifier of each point. */
    List<MiddleLoss> fitted() {
        List<String> shown =
                new ArrayList<>(points.stream().map(MiddlePoint::value).toList());
        shown.add(output);
        Graph graph = context.graph().withOutputs(shown);
        try (Runner runner = context.executor().prepare(graph, Settings.of(Purpose.EVALUATION))) {
            for (Batch batch : data) {
                context.run().checkCancelled();
                context.run().progress(PHASE, truth.size(), data.examples());
                take(batch, runner.run(batch.inputs()));
            }
        }
        context.run().progress(PHASE, data.examples(), data.examples());
        int[] classes = truth.stream().mapToInt(Integer::intValue).toArray();
        return points.stream()
                .map(point -> new MiddleLoss(
                        point,
                        SoftmaxRegression.fit(features.get(point).toArray(double[][]::new), classes, count),
                        data.hasClasses()))
                .toList();
    }

    private void take(Batch batch, Map<String, Tensor> results) {
        double[] scores = Tensors.toDoubles(results.get(output));
        for (int row = 0; row < batch.size(); row++) {
            int at = row;
            truth.add(
                    batch.classes().map(classes -> Math.toIntExact(classes[at])).orElseGet(() -> largest(scores, at)));
        }
        points.forEach(point -> features.computeIfAbsent(point, none -> new ArrayList<>())
                .addAll(pooled(point, results.get(point.value())).subList(0, batch.size())));
    }

    private int largest(double[] scores, int row) {
        int largest = 0;
        for (int k = 1; k < count; k++) {
            largest = scores[row * count + k] > scores[row * count + largest] ? k : largest;
        }
        return largest;
    }

    /** For each example, the means of its channels. */
    private static List<double[]> pooled(MiddlePoint point, Tensor value) {
        int examples = Math.toIntExact(value.shape().get(0));
        int channels = Math.toIntExact(value.shape().get(point.axis()));
        long behind = value.shape().stream().skip(point.axis() + 1L).reduce(1L, (a, b) -> a * b);
        double[] elements = Tensors.toDoubles(value);
        int each = elements.length / examples;
        List<double[]> pooled = new ArrayList<>();
        for (int example = 0; example < examples; example++) {
            double[] sums = new double[channels];
            for (int i = 0; i < each; i++) {
                sums[(int) (i / behind) % channels] += elements[example * each + i] * channels / each;
            }
            pooled.add(sums);
        }
        return pooled;
    }
}
