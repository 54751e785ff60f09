package io.espalier.engine.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.adapter.onnx.OnnxExecutor;
import io.espalier.engine.TestingAnalysis;
import io.espalier.engine.loss.ChosenLoss;
import io.espalier.engine.loss.LossGraph;
import io.espalier.graph.gradient.Differentiation;
import io.espalier.graph.gradient.Gradients;
import io.espalier.graph.operator.Operators;
import io.espalier.plugin.losses.CrossEntropyLoss;
import io.espalier.spi.criterion.Evidence;
import io.espalier.spi.criterion.OutputGradients;
import io.espalier.spi.criterion.WeightInputs;
import io.espalier.spi.data.Batch;
import io.espalier.spi.data.BatchOptions;
import io.espalier.spi.data.Batches;
import io.espalier.spi.data.Dataset;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Second moments of gradients by outputs, against the same sums of gradients of single examples. */
class OutputGradientTest {

    private static final int EXAMPLES = 3;
    private static final TestingRunContext RUN = new TestingRunContext(1);

    private record InMemory(long size, Map<String, Tensor> arrays) implements Dataset {}

    /** A convolution, a grouped one, and a product of matrices whose weight is applied twice. */
    private static Graph network() {
        Random random = new Random(3);
        Attribute pads = new Attribute.Ints(List.of(1L, 1L, 1L, 1L));
        return new Graph(
                "network",
                Map.of(
                        "x",
                        new ValueType(
                                DataType.FLOAT32,
                                Optional.of(List.of(
                                        new Dimension.Symbol("n"),
                                        new Dimension.Fixed(2),
                                        new Dimension.Fixed(4),
                                        new Dimension.Fixed(4))))),
                List.of("scores"),
                List.of(
                        Node.of("Conv", List.of("x", "first"), List.of("a"), Map.of("pads", pads)),
                        Node.of("Tanh", List.of("a"), List.of("b"), Map.of()),
                        Node.of(
                                "Conv",
                                List.of("b", "grouped"),
                                List.of("c"),
                                Map.of("group", new Attribute.Int(2), "pads", pads)),
                        Node.of("Tanh", List.of("c"), List.of("d"), Map.of()),
                        Node.of("GlobalAveragePool", List.of("d"), List.of("e"), Map.of()),
                        Node.of("Flatten", List.of("e"), List.of("f"), Map.of()),
                        Node.of("MatMul", List.of("f", "square"), List.of("g"), Map.of()),
                        Node.of("Tanh", List.of("g"), List.of("h"), Map.of()),
                        Node.of("MatMul", List.of("h", "square"), List.of("scores"), Map.of())),
                Map.of(
                        "first", weight(random, 4, 2, 3, 3),
                        "grouped", weight(random, 6, 2, 3, 3),
                        "square", weight(random, 6, 6)),
                Map.of());
    }

    private static Tensor weight(Random random, long... shape) {
        List<Long> extents = Tensors.shape(shape);
        double[] values = random.doubles(extents.stream().reduce(1L, (a, b) -> a * b), -1, 1)
                .toArray();
        return Tensors.fromDoubles(DataType.FLOAT32, extents, values);
    }

    @Test
    void momentsAreThoseOfSingleExamples() {
        Graph graph = network();
        Operators operators = Operators.standard();
        double[] values = new double[EXAMPLES * 2 * 4 * 4];
        Random random = new Random(4);
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextGaussian();
        }
        Map<String, Tensor> arrays = new LinkedHashMap<>();
        arrays.put("x", Tensors.fromDoubles(DataType.FLOAT32, Tensors.shape(EXAMPLES, 2, 4, 4), values));
        Batches data = Batches.of(graph, new InMemory(EXAMPLES, arrays), BatchOptions.of(2), RUN);
        CrossEntropyLoss ofClasses = new CrossEntropyLoss();
        ChosenLoss loss = new ChosenLoss(ofClasses, Options.resolve("loss", ofClasses.options(), Map.of()));
        OutputGradients found = (OutputGradients) new EvidenceCollector(
                        graph,
                        TestingAnalysis.of(graph).coupling(),
                        Optional.of(data),
                        Map.of(),
                        Optional.of(loss),
                        new OnnxExecutor(),
                        RUN,
                        2)
                .collect(Set.of(Evidence.OUTPUT_GRADIENTS))
                .get(Evidence.OUTPUT_GRADIENTS);

        Batches single = data.with(BatchOptions.of(1));
        double[][] expected = {new double[4 * 4], new double[2 * 3 * 3], new double[6 * 6]};
        for (Batch batch : single) {
            LossGraph ready = LossGraph.of(graph, operators, batch, loss);
            List<String> outputs = List.of("a", "c", "g", "scores");
            Gradients gradients = Differentiation.of(ready.graph(), operators, ready.loss(), outputs);
            try (GradientRuns runs = GradientRuns.of(gradients, new OnnxExecutor(), 1)) {
                Map<String, double[]> each = runs.run(ready.inputs(batch));
                add(expected[0], each.get("a"), 1, 4, 16);
                add(expected[1], each.get("c"), 2, 3, 16);
                add(expected[2], each.get("g"), 1, 6, 1);
                add(expected[2], each.get("scores"), 1, 6, 1);
            }
        }
        assertThat(found.of(reader("a", "first"))).containsExactly(expected[0], within(1e-6));
        assertThat(found.of(reader("c", "grouped"))).containsExactly(expected[1], within(1e-6));
        assertThat(found.of(reader("g", "square"))).containsExactly(expected[2], within(1e-6));
        assertThat(found.of(reader("d", "none"))).isEmpty();
    }

    /** Adds products of gradients that lie by group, output and position, divided by the number of examples. */
    private static void add(double[] sums, double[] gradient, int groups, int outputs, int positions) {
        for (int group = 0; group < groups; group++) {
            for (int o = 0; o < outputs; o++) {
                for (int p = 0; p < outputs; p++) {
                    for (int at = 0; at < positions; at++) {
                        sums[(group * outputs + o) * outputs + p] += gradient[(group * outputs + o) * positions + at]
                                * gradient[(group * outputs + p) * positions + at]
                                / EXAMPLES;
                    }
                }
            }
        }
    }

    private static WeightInputs reader(String node, String weight) {
        double[] none = new double[0];
        return new WeightInputs(node, weight, 1, 0, 0, new int[0], none, false, 1, none, none);
    }
}
