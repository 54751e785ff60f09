package io.espalier.graph.gradient;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.adapter.onnx.OnnxExecutor;
import io.espalier.graph.operator.Operators;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A convolution has the same gradients, and the same gradients of those, whether the size of its batch is known or open. */
class StackedWeightGradientTest {

    private static final Operators OPERATORS = Operators.standard();

    /** One convolution over images of random extents. */
    private record Layer(String operator, Map<String, Attribute> attributes, List<Long> operand, List<Long> weight) {

        static Layer random(Random random) {
            int spatial = 1 + random.nextInt(2);
            long[] kernel = extents(random, spatial, 1, 3);
            kernel[spatial - 1] = Math.max(2, kernel[spatial - 1]);
            boolean transposed = random.nextBoolean();
            long inputs = 8 + random.nextInt(3);
            long outputs = 8 + random.nextInt(3);
            List<Long> operand = new ArrayList<>(List.of(32L + random.nextInt(3), inputs));
            LongStream.of(extents(random, spatial, 5, 9)).forEach(operand::add);
            List<Long> weight = new ArrayList<>(transposed ? List.of(inputs, outputs) : List.of(outputs, inputs));
            LongStream.of(kernel).forEach(weight::add);
            Map<String, Attribute> attributes = Map.of(
                    "strides", ints(extents(random, spatial, 1, 2)),
                    "dilations", ints(extents(random, spatial, 1, 2)),
                    "pads", ints(extents(random, 2 * spatial, 0, transposed ? 0 : 2)));
            return new Layer(transposed ? "ConvTranspose" : "Conv", attributes, operand, weight);
        }

        private static long[] extents(Random random, int count, int least, int most) {
            return random.longs(count, least, most + 1).toArray();
        }

        private static Attribute ints(long[] values) {
            return new Attribute.Ints(LongStream.of(values).boxed().toList());
        }

        Graph graph(boolean open) {
            List<Dimension> shape = new ArrayList<>();
            operand.forEach(extent -> shape.add(new Dimension.Fixed(extent)));
            if (open) {
                shape.set(0, new Dimension.Symbol("batch"));
            }
            Map<String, ValueType> inputs = Map.of(
                    "x", new ValueType(DataType.FLOAT32, Optional.of(shape)),
                    "w", new ValueType(DataType.FLOAT32, Optional.of(fixed(weight))));
            Node layer = Node.of(operator, List.of("x", "w"), List.of("y"), attributes);
            return withSquares(
                    new Graph("layer", inputs, List.of("y"), List.of(layer), Map.of(), Map.of()), "y", "loss");
        }

        private static List<Dimension> fixed(List<Long> extents) {
            return extents.stream().<Dimension>map(Dimension.Fixed::new).toList();
        }
    }

    private static Graph withSquares(Graph graph, String value, String sum) {
        List<Node> nodes = new ArrayList<>(graph.nodes());
        nodes.add(Node.of("Mul", List.of(value, value), List.of(sum + "/squares"), Map.of()));
        nodes.add(Node.of(
                "ReduceSum", List.of(sum + "/squares"), List.of(sum), Map.of("keepdims", new Attribute.Int(0))));
        return new Graph(graph.name(), graph.inputs(), List.of(sum), nodes, graph.constants(), graph.declared());
    }

    private static List<double[]> gradients(Graph graph, Map<String, Tensor> point) {
        Gradients first = Differentiation.of(graph, OPERATORS, "loss", List.of("w"));
        String gradient = first.byValue().get("w");
        Graph once = withSquares(first.returning(List.of(gradient)), gradient, "norm");
        Gradients second = Differentiation.of(once, OPERATORS, "norm", List.of("w", "x"));
        List<String> asked =
                List.of(gradient, second.byValue().get("w"), second.byValue().get("x"));
        try (Runner runner = new OnnxExecutor().prepare(second.returning(asked), Settings.DEFAULT)) {
            Map<String, Tensor> results = runner.run(point);
            return asked.stream().map(results::get).map(Tensors::toDoubles).toList();
        }
    }

    private static Tensor normal(List<Long> shape, Random random) {
        int count = Math.toIntExact(shape.stream().reduce(1L, Math::multiplyExact));
        return Tensors.fromDoubles(
                DataType.FLOAT32, shape, random.doubles(count, -1, 1).toArray());
    }

    private static boolean gathers(Graph graph) {
        return Differentiation.of(graph, OPERATORS, "loss", List.of("w")).graph().nodes().stream()
                .anyMatch(node -> node.operator().equals("Gather"));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void isThatOfOneProductAPosition(long seed) {
        Random random = new Random(seed);
        Layer layer = Layer.random(random);
        Map<String, Tensor> point = Map.of("x", normal(layer.operand(), random), "w", normal(layer.weight(), random));
        assertThat(gathers(layer.graph(false))).as("known batch of %s", layer).isTrue();
        assertThat(gathers(layer.graph(true))).as("open batch of %s", layer).isFalse();
        List<double[]> expected = gradients(layer.graph(true), point);
        List<double[]> found = gradients(layer.graph(false), point);
        for (int i = 0; i < expected.size(); i++) {
            double scale = Arrays.stream(expected.get(i)).map(Math::abs).max().orElseThrow();
            assertThat(found.get(i))
                    .as("gradient %d of seed %d, %s", i, seed, layer)
                    .usingComparatorWithPrecision(1e-4 * scale)
                    .containsExactly(expected.get(i));
        }
    }
}
