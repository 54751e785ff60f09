package io.espalier.adapter.onnx.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.adapter.onnx.OnnxExecutor;
import io.espalier.spi.execution.GraphExecutor.Settings;
import io.espalier.spi.execution.Session;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConvolutionProductsTest {

    static LongStream seeds() {
        return LongStream.range(0, 40);
    }

    private static ValueType type(List<Long> shape) {
        return new ValueType(
                DataType.FLOAT32,
                Optional.of(shape.stream().<Dimension>map(Dimension.Fixed::new).toList()));
    }

    /** A convolution whose result has the places that are asked for, and what it is fed. */
    private record Layer(Graph graph, Map<String, List<Long>> shapes) {

        static Layer of(Random random, long batch, long... places) {
            long[] kernel = random.longs(2, 1, 4).toArray();
            long[] strides = random.longs(2, 1, 3).toArray();
            long[] dilations = random.longs(2, 1, 3).toArray();
            long[] pads = random.longs(4, 0, 2).toArray();
            kernel[random.nextInt(2)] = 3;
            List<Long> operand = new ArrayList<>(List.of(batch, 1L + random.nextInt(5)));
            for (int axis = 0; axis < 2; axis++) {
                long reach = (kernel[axis] - 1) * dilations[axis] + 1 + (places[axis] - 1) * strides[axis];
                operand.add(Math.max(1, reach - pads[axis] - pads[axis + 2]));
                pads[axis + 2] = Math.max(0, reach - pads[axis] - operand.get(axis + 2));
            }
            long outputs = 1 + random.nextInt(5);
            Map<String, List<Long>> shapes = new LinkedHashMap<>();
            shapes.put("images", operand);
            shapes.put("weight", List.of(outputs, operand.get(1), kernel[0], kernel[1]));
            if (random.nextBoolean()) {
                shapes.put("bias", List.of(outputs));
            }
            Node node = Node.of(
                    "Conv",
                    List.copyOf(shapes.keySet()),
                    List.of("result"),
                    Map.of("pads", ints(pads), "strides", ints(strides), "dilations", ints(dilations)));
            Map<String, ValueType> inputs = new LinkedHashMap<>();
            shapes.forEach((name, shape) -> inputs.put(name, type(shape)));
            ValueType result = type(List.of(batch, outputs, places[0], places[1]));
            return new Layer(
                    new Graph("layer", inputs, List.of("result"), List.of(node), Map.of(), Map.of("result", result)),
                    shapes);
        }

        private static Attribute ints(long[] values) {
            return new Attribute.Ints(LongStream.of(values).boxed().toList());
        }

        Map<String, Tensor> values(Random random) {
            Map<String, Tensor> values = new LinkedHashMap<>();
            shapes.forEach((name, shape) -> {
                int count = Math.toIntExact(shape.stream().reduce(1L, Math::multiplyExact));
                values.put(
                        name,
                        Tensors.fromDoubles(
                                DataType.FLOAT32,
                                shape,
                                random.doubles(count, -1, 1).toArray()));
            });
            return values;
        }
    }

    private static double[] run(Graph graph, Map<String, Tensor> fed) {
        try (Session session = new OnnxExecutor().prepare(graph, Settings.DEFAULT)) {
            return Tensors.toDoubles(session.run(fed).get("result"));
        }
    }

    private static List<String> operators(Graph graph) {
        return ConvolutionProducts.in(graph).nodes().stream()
                .map(Node::operator)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void computesWhatTheConvolutionDoes(long seed) {
        Random random = new Random(seed);
        Layer layer = Layer.of(random, 64, 1 + random.nextInt(4), 1 + random.nextInt(4));
        Map<String, Tensor> fed = layer.values(random);
        Graph product = ConvolutionProducts.in(layer.graph());

        assertThat(product.nodes())
                .as("seed %d", seed)
                .extracting(Node::operator)
                .contains("MatMul")
                .doesNotContain("Conv");
        assertThat(run(product, fed))
                .as("seed %d", seed)
                .usingComparatorWithPrecision(1e-4)
                .containsExactly(run(layer.graph(), fed));
    }

    @Test
    void leavesWhereProductsAreSlower() {
        assertThat(operators(Layer.of(new Random(1), 64, 5, 5).graph()))
                .as("many places")
                .containsExactly("Conv");
        assertThat(operators(Layer.of(new Random(1), 2, 4, 4).graph()))
                .as("a few columns")
                .containsExactly("Conv");
    }

    @Test
    void leavesConstantWeightsAndWhatIsNotDeclared() {
        Layer layer = Layer.of(new Random(1), 64, 4, 4);
        Tensor weight = layer.values(new Random(2)).get("weight");
        assertThat(operators(layer.graph().withConstants(Map.of("weight", weight))))
                .containsExactly("Conv");
        assertThat(operators(layer.graph().withDeclared(Map.of()))).containsExactly("Conv");
    }
}
