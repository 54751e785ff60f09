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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Where a value is rounded on the way, gradients are those of the value itself, whatever its scale is computed from. */
class StraightThroughTest {

    private static final double[] X = {0.3, -1.2, 0.8, 2, -0.7, 0.1};
    private static final double[] FACTORS = {1, -2, 0.5, 0.25, 3, -1};

    private static Graph graph(List<Node> rounding) {
        ValueType vector =
                new ValueType(DataType.FLOAT32, Optional.of(List.of(new Dimension.Fixed(2), new Dimension.Fixed(3))));
        List<Node> nodes = new ArrayList<>(rounding);
        nodes.add(Node.of("Mul", List.of("back", "factors"), List.of("products"), Map.of()));
        nodes.add(Node.of("ReduceSum", List.of("products"), List.of("loss"), Map.of("keepdims", new Attribute.Int(0))));
        Map<String, Tensor> constants = Map.of(
                "factors",
                Tensors.fromDoubles(DataType.FLOAT32, List.of(2L, 3L), FACTORS),
                "identity",
                Tensors.fromDoubles(DataType.UINT8, List.of(3L, 3L), 1, 0, 0, 0, 1, 0, 0, 0, 1),
                "kernels",
                Tensors.fromDoubles(DataType.UINT8, List.of(3L, 3L, 1L), 1, 0, 0, 0, 1, 0, 0, 0, 1),
                "behind",
                Tensors.vector(2));
        return new Graph("rounded", Map.of("x", vector), List.of("loss"), nodes, constants, Map.of());
    }

    private static double[] gradient(Graph graph) {
        Graph form = Differentiable.of(graph, Operators.standard());
        Gradients gradients = Differentiation.of(form, Operators.standard(), "loss", List.of("x"));
        String name = gradients.byValue().get("x");
        try (Runner runner = new OnnxExecutor().prepare(gradients.returning(List.of(name)), Settings.DEFAULT)) {
            Tensor x = Tensors.fromDoubles(DataType.FLOAT32, List.of(2L, 3L), X);
            return Tensors.toDoubles(runner.run(Map.of("x", x)).get(name));
        }
    }

    @Test
    void throughARangeThatIsMeasured() {
        Node quantise = Node.of("DynamicQuantizeLinear", List.of("x"), List.of("q", "scale", "zero"), Map.of());
        Node dequantise = Node.of("DequantizeLinear", List.of("q", "scale", "zero"), List.of("back"), Map.of());
        assertThat(gradient(graph(List.of(quantise, dequantise)))).containsExactly(FACTORS, Offset.offset(0.05));
    }

    @Test
    void throughAProductOfIntegers() {
        List<Node> nodes = List.of(
                Node.of("DynamicQuantizeLinear", List.of("x"), List.of("q", "scale", "zero"), Map.of()),
                Node.of("MatMulInteger", List.of("q", "identity", "zero"), List.of("product"), Map.of()),
                Node.of("Cast", List.of("product"), List.of("real"), Map.of("to", new Attribute.Int(1))),
                Node.of("Mul", List.of("real", "scale"), List.of("back"), Map.of()));
        assertThat(gradient(graph(nodes))).containsExactly(FACTORS, Offset.offset(0.05));
    }

    @Test
    void throughAConvolutionOfIntegers() {
        List<Node> nodes = List.of(
                Node.of("DynamicQuantizeLinear", List.of("x"), List.of("q", "scale", "zero"), Map.of()),
                Node.of("Unsqueeze", List.of("q", "behind"), List.of("image"), Map.of()),
                Node.of("ConvInteger", List.of("image", "kernels", "zero"), List.of("product"), Map.of()),
                Node.of("Squeeze", List.of("product", "behind"), List.of("flat"), Map.of()),
                Node.of("Cast", List.of("flat"), List.of("real"), Map.of("to", new Attribute.Int(1))),
                Node.of("Mul", List.of("real", "scale"), List.of("back"), Map.of()));
        assertThat(gradient(graph(nodes))).containsExactly(FACTORS, Offset.offset(0.05));
    }
}
