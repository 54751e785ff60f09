package io.espalier.graph.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.adapter.onnx.OnnxExecutor;
import io.espalier.graph.gradient.Differentiation;
import io.espalier.graph.gradient.Gradients;
import io.espalier.spi.execution.GraphExecutor.Settings;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FoldedStatisticsTest {

    private static final String DATA = "data";

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void gradientsAreThoseOfTheNormalisation(long seed) {
        Graph graph = network(new Random(seed));
        List<String> weights = graph.constants().keySet().stream()
                .filter(name -> !name.equals("mean") && !name.equals("variance"))
                .toList();
        List<String> withData = new ArrayList<>(weights);
        withData.add(DATA);
        Map<String, double[]> folded = gradients(graph, weights, false);
        Map<String, double[]> plain = gradients(graph, withData, true);
        weights.forEach(name -> assertThat(folded.get(name))
                .as("seed %d, %s", seed, name)
                .usingComparatorWithPrecision(2e-4)
                .containsExactly(plain.get(name)));
    }

    /** Gradients by the data are asked for where the normalisation is to remain. */
    private static Map<String, double[]> gradients(Graph graph, List<String> by, boolean normalises) {
        Gradients gradients = Differentiation.of(graph, Operators.standard(), "loss", by);
        List<String> outputs = List.copyOf(gradients.byValue().values());
        Graph backward = gradients.returning(outputs);
        boolean found = backward.nodes().stream()
                .anyMatch(node -> node.qualifiedOperator().equals(Nodes.BATCH_NORMALISATION));
        assertThat(found).isEqualTo(normalises);
        try (Runner runner = new OnnxExecutor().prepare(backward, Settings.DEFAULT)) {
            Map<String, Tensor> results = runner.run(Map.of("x", uniform(new Random(9), -1, 1, shape(graph))));
            Map<String, double[]> values = new LinkedHashMap<>();
            gradients.byValue().forEach((name, output) -> values.put(name, Tensors.toDoubles(results.get(output))));
            return values;
        }
    }

    private static long[] shape(Graph graph) {
        return graph.inputs().get("x").shape().orElseThrow().stream()
                .mapToLong(extent -> extent instanceof Dimension.Fixed fixed ? fixed.extent() : 2)
                .toArray();
    }

    /** A convolution of one to three axes, with or without groups and bias, a normalisation, and the sum of hyperbolic tangents. */
    private static Graph network(Random random) {
        int axes = 1 + random.nextInt(3);
        int groups = 1 + random.nextInt(2);
        long outputs = 2L * groups;
        long[] weight = new long[axes + 2];
        Arrays.fill(weight, 2);
        weight[0] = outputs;
        weight[1] = 1 + random.nextInt(2);
        Map<String, Tensor> constants = new LinkedHashMap<>();
        constants.put("weight", uniform(random, -1, 1, weight));
        List<String> operands = new ArrayList<>(List.of("x", "weight"));
        if (random.nextBoolean()) {
            constants.put("bias", uniform(random, -1, 1, outputs));
            operands.add("bias");
        }
        constants.put("scale", uniform(random, -2, 2, outputs));
        constants.put("shift", uniform(random, -1, 1, outputs));
        constants.put("mean", uniform(random, -1, 1, outputs));
        constants.put("variance", uniform(random, 0.5, 2, outputs));
        Map<String, Attribute> grouped = Map.of("group", new Attribute.Int(groups));
        List<Dimension> extents =
                new ArrayList<>(List.of(new Dimension.Unknown(), new Dimension.Fixed(weight[1] * groups)));
        for (int axis = 0; axis < axes; axis++) {
            extents.add(new Dimension.Fixed(3));
        }
        return new Graph(
                "test",
                Map.of("x", new ValueType(DataType.FLOAT32, Optional.of(extents))),
                List.of("loss"),
                List.of(
                        Node.of("Conv", operands, List.of(DATA), grouped),
                        Node.of(
                                Nodes.BATCH_NORMALISATION,
                                List.of(DATA, "scale", "shift", "mean", "variance"),
                                List.of("normal"),
                                Map.of()),
                        Node.of("Tanh", List.of("normal"), List.of("bent"), Map.of()),
                        Nodes.total("bent", "loss")),
                constants,
                Map.of());
    }

    private static Tensor uniform(Random random, double from, double to, long... shape) {
        List<Long> extents = Arrays.stream(shape).boxed().toList();
        int count = (int) extents.stream().reduce(1L, (a, b) -> a * b).longValue();
        double[] values = random.doubles(count, from, to).toArray();
        return Tensors.fromDoubles(DataType.FLOAT32, extents, values);
    }
}
