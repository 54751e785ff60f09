package io.espalier.engine.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.adapter.onnx.OnnxExecutor;
import io.espalier.engine.TestingAnalysis;
import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.loss.ChosenLoss;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Shapes;
import io.espalier.plugin.losses.CrossEntropyLoss;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.criterion.Discrimination;
import io.espalier.spi.criterion.Evidence;
import io.espalier.spi.criterion.WeightInputs;
import io.espalier.spi.data.BatchOptions;
import io.espalier.spi.data.Batches;
import io.espalier.spi.data.Dataset;
import io.espalier.spi.execution.GraphExecutor.Purpose;
import io.espalier.spi.execution.GraphExecutor.Settings;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.option.Options;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.TestingRunContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Losses in the middle of a network, against differences of losses that are computed outside of graphs. */
class DiscriminationTest {

    private static final int EXAMPLES = 24;
    private static final int CLASSES = 3;
    private static final double STEP = 1e-2;
    private static final TestingRunContext RUN = new TestingRunContext(1);

    private record InMemory(long size, Map<String, Tensor> arrays) implements Dataset {}

    /** Three convolutions, the second with a residual beside it, and a classifier. */
    private static Graph network(Map<String, Tensor> weights) {
        Attribute pads = new Attribute.Ints(List.of(1L, 1L, 1L, 1L));
        return new Graph(
                "network",
                Map.of("x", new ValueType(DataType.FLOAT32, Optional.of(shape(2, 5, 5)))),
                List.of("scores"),
                List.of(
                        Node.of("Conv", List.of("x", "first"), List.of("a"), Map.of("pads", pads)),
                        Node.of("Tanh", List.of("a"), List.of("b"), Map.of()),
                        Node.of("Conv", List.of("b", "second"), List.of("c"), Map.of("pads", pads)),
                        Node.of("Tanh", List.of("c"), List.of("d"), Map.of()),
                        Node.of("Add", List.of("b", "d"), List.of("e"), Map.of()),
                        Node.of("Conv", List.of("e", "third"), List.of("f"), Map.of("pads", pads)),
                        Node.of("Tanh", List.of("f"), List.of("g"), Map.of()),
                        Node.of("GlobalAveragePool", List.of("g"), List.of("h"), Map.of()),
                        Node.of("Flatten", List.of("h"), List.of("i"), Map.of()),
                        Node.of("MatMul", List.of("i", "last"), List.of("scores"), Map.of())),
                weights,
                Map.of());
    }

    private static List<Dimension> shape(long... behindExamples) {
        List<Dimension> shape = new ArrayList<>(List.of(new Dimension.Symbol("n")));
        for (long extent : behindExamples) {
            shape.add(new Dimension.Fixed(extent));
        }
        return shape;
    }

    private static Map<String, Tensor> weights() {
        Random random = new Random(3);
        Map<String, Tensor> weights = new LinkedHashMap<>();
        weights.put("first", tensor(random, 4, 2, 3, 3));
        weights.put("second", tensor(random, 4, 4, 3, 3));
        weights.put("third", tensor(random, 5, 4, 3, 3));
        weights.put("last", tensor(random, 5, CLASSES));
        return weights;
    }

    private static Tensor tensor(Random random, long... shape) {
        List<Long> extents = Tensors.shape(shape);
        double[] values = random.doubles(extents.stream().reduce(1L, (a, b) -> a * b), -0.5, 0.5)
                .toArray();
        return Tensors.fromDoubles(DataType.FLOAT32, extents, values);
    }

    private static Map<String, Tensor> arrays(boolean labelled) {
        Map<String, Tensor> arrays = new LinkedHashMap<>();
        arrays.put("x", tensor(new Random(4), EXAMPLES, 2, 5, 5));
        if (labelled) {
            long[] classes = new Random(5).longs(EXAMPLES, 0, CLASSES).toArray();
            classes[0] = 0;
            classes[1] = CLASSES - 1;
            arrays.put("label", Tensors.vector(classes));
        }
        return arrays;
    }

    private static SweepContext context(Graph graph, Coupling coupling, boolean labelled) {
        Batches data = Batches.of(graph, new InMemory(EXAMPLES, arrays(labelled)), BatchOptions.of(7), RUN);
        CrossEntropyLoss loss = new CrossEntropyLoss();
        return new SweepContext(
                graph,
                coupling,
                Optional.of(data),
                Map.of(),
                Optional.of(new ChosenLoss(loss, Options.resolve("loss", loss.options(), Map.of()))),
                new OnnxExecutor(),
                RUN,
                2);
    }

    private static List<MiddlePoint> points(Graph graph, Coupling coupling) {
        Shapes shapes = Operators.standard().infer(graph);
        return MiddlePoint.of(graph, coupling, shapes, AppliedWeight.all(graph, Operators.standard(), shapes), 3);
    }

    @Test
    void pointsLieWhereEverythingPassesThrough() {
        Graph graph = network(weights());
        Coupling coupling = TestingAnalysis.of(graph).coupling();
        List<MiddlePoint> points = points(graph, coupling);

        assertThat(points).extracting(MiddlePoint::value).containsExactly("b", "i");
        assertThat(points).extracting(MiddlePoint::axis).containsExactly(1, 1);
        assertThat(points.get(0).pooled()).containsExactly(2, 3);
    }

    @Test
    void gradientsAreThoseOfTheFirstClassifierBehindAWeight() {
        for (boolean labelled : new boolean[] {true, false}) {
            Map<String, Tensor> weights = weights();
            Graph graph = network(weights);
            Coupling coupling = TestingAnalysis.of(graph).coupling();
            SweepContext context = context(graph, coupling, labelled);
            Discrimination found = new DiscriminationSweep(context).run();
            List<MiddleLoss> losses =
                    new MiddleClassifiers(context, Operators.standard().infer(graph), points(graph, coupling)).fitted();
            double[] truth =
                    labelled ? Tensors.toDoubles(arrays(true).get("label")) : largest(values(graph, "scores"), CLASSES);

            check(found.gradient(reader("a")), "first", 7, weights, losses.get(0), truth);
            check(found.gradient(reader("c")), "second", 50, weights, losses.get(1), truth);
            check(found.gradient(reader("f")), "third", 99, weights, losses.get(1), truth);
            assertThat(found.outputMoments(reader("c"))).hasSize(4 * 4);
            assertThat(found.gradient(reader("scores"))).hasSize(5 * CLASSES);
            assertThat(found.gradient(reader("g"))).isEmpty();
        }
    }

    /** Convolutions have their gradients in the order of their weights. */
    private static void check(
            double[] gradient, String weight, int at, Map<String, Tensor> weights, MiddleLoss loss, double... truth) {
        double[] sides = new double[2];
        for (int side = 0; side < 2; side++) {
            Map<String, Tensor> moved = new LinkedHashMap<>(weights);
            double[] elements = Tensors.toDoubles(weights.get(weight));
            elements[at] += side == 0 ? STEP : -STEP;
            moved.put(
                    weight,
                    Tensors.fromDoubles(DataType.FLOAT32, weights.get(weight).shape(), elements));
            sides[side] = loss(values(network(moved), loss.point().value()), loss, truth);
        }
        double expected = (sides[0] - sides[1]) / (2 * STEP);
        assertThat(gradient[at]).as("by %s", weight).isCloseTo(expected, within(1e-2 * Math.abs(expected) + 2e-5));
    }

    private static Tensor values(Graph graph, String value) {
        try (Runner runner =
                new OnnxExecutor().prepare(graph.withOutputs(List.of(value)), Settings.of(Purpose.EVALUATION))) {
            return runner.run(Map.of("x", arrays(false).get("x"))).get(value);
        }
    }

    private static double[] largest(Tensor scores, int count) {
        double[] all = Tensors.toDoubles(scores);
        double[] largest = new double[all.length / count];
        for (int i = 0; i < all.length; i++) {
            largest[i / count] =
                    all[i] > all[i / count * count + (int) largest[i / count]] ? i % count : largest[i / count];
        }
        return largest;
    }

    private static double loss(Tensor value, MiddleLoss loss, double... truth) {
        double[] all = Tensors.toDoubles(value);
        double[][] weight = loss.classifier().weight();
        int places = all.length / EXAMPLES / weight.length;
        double sum = 0;
        for (int row = 0; row < EXAMPLES; row++) {
            double[] scores = loss.classifier().bias().clone();
            for (int i = 0; i < weight.length * places; i++) {
                for (int k = 0; k < CLASSES; k++) {
                    scores[k] += all[row * weight.length * places + i] / places * weight[i / places][k];
                }
            }
            double total = 0;
            for (double score : scores) {
                total += Math.exp(score);
            }
            sum += Math.log(total) - scores[(int) truth[row]];
        }
        return sum / EXAMPLES;
    }

    private static WeightInputs reader(String node) {
        double[] none = new double[0];
        return new WeightInputs(node, "weight", 1, 0, 0, new int[0], none, false, 1, none, none);
    }

    @Test
    void whatScoresNoExamplesIsRefused() {
        Graph whole = network(weights());
        Graph graph =
                new Graph("features", whole.inputs(), List.of("g"), whole.nodes(), whole.constants(), whole.declared());
        SweepContext context = context(graph, TestingAnalysis.of(graph).coupling(), false);
        assertThatThrownBy(() -> new EvidenceCollector(
                                graph,
                                context.coupling(),
                                context.calibration(),
                                Map.of(),
                                context.loss(),
                                context.executor(),
                                RUN,
                                1)
                        .collect(Set.of(Evidence.DISCRIMINATION)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'g' holds no row of scores");
    }
}
