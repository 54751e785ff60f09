package io.espalier.graph.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.adapter.onnx.OnnxExecutor;
import io.espalier.graph.operator.Operators;
import io.espalier.spi.InvalidInputException;
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
import org.junit.jupiter.api.Test;

/** An operator that a plug-in teaches is differentiated by the parts that the plug-in says it is made of. */
class TaughtGradientsTest {

    private static final Operators TAUGHT = Operators.standard().with(List.of(new TestingHalves("half")));
    private static final Tensor X = Tensors.floats(Tensors.shape(2, 3), 0.3f, -0.2f, 1, 0.7f, -1, 0.1f);
    private static final List<String> BY = List.of("x", "v", "w", "b");

    private static Graph graph(List<Node> nodes) {
        List<Node> all = new ArrayList<>(nodes);
        all.add(Node.of("ReduceSumSquare", List.of("y"), List.of("loss"), Map.of("keepdims", new Attribute.Int(0))));
        Map<String, Tensor> constants = Map.of(
                "v", Tensors.floats(Tensors.shape(3, 2), 1, -1, 0.5f, 2, 0, 1),
                "w", Tensors.floats(Tensors.shape(2, 2), 0.5f, 1, -2, 0.3f),
                "b", Tensors.floats(Tensors.shape(2), 0.1f, -0.4f),
                "half", Tensors.floats(List.of(), 0.5f));
        ValueType matrix =
                new ValueType(DataType.FLOAT32, Optional.of(List.of(new Dimension.Fixed(2), new Dimension.Fixed(3))));
        return new Graph("taught", Map.of("x", matrix), List.of("loss"), all, constants, Map.of());
    }

    private static Node taught(String operator, List<String> inputs, String output) {
        return new Node("test", operator, inputs, List.of(output), Map.of());
    }

    private static List<Node> spelled(List<String> inputs, String output) {
        return List.of(
                Node.of("Gemm", inputs, List.of(output + ".sum"), Map.of()),
                Node.of("Tanh", List.of(output + ".sum"), List.of(output + ".tanh"), Map.of()),
                Node.of("Mul", List.of(output + ".tanh", "half"), List.of(output), Map.of()));
    }

    private static List<double[]> gradients(Graph graph) {
        Graph form = Differentiable.of(graph, TAUGHT);
        Gradients gradients = Differentiation.of(form, TAUGHT, "loss", BY);
        List<String> names = BY.stream().map(gradients.byValue()::get).toList();
        try (Runner runner = new OnnxExecutor().prepare(gradients.returning(names), Settings.DEFAULT)) {
            Map<String, Tensor> found = runner.run(Map.of("x", X));
            return names.stream()
                    .map(name -> Tensors.toDoubles(found.get(name)))
                    .toList();
        }
    }

    @Test
    void gradientsAreThoseOfTheParts() {
        List<double[]> found = gradients(graph(
                List.of(taught("Halves", List.of("x", "v"), "h"), taught("Halves", List.of("h", "w", "b"), "y"))));
        List<Node> nodes = new ArrayList<>(spelled(List.of("x", "v"), "h"));
        nodes.addAll(spelled(List.of("h", "w", "b"), "y"));
        assertThat(found).containsExactlyElementsOf(gradients(graph(nodes)));
        assertThat(found).allMatch(gradient -> gradient[0] != 0);
    }

    @Test
    void withoutPartsThePlugInIsNamed() {
        Graph graph =
                graph(List.of(taught("Unsaid", List.of("x", "v"), "h"), taught("Halves", List.of("h", "w", "b"), "y")));
        assertThatThrownBy(() -> gradients(graph))
                .isInstanceOf(NotDifferentiableException.class)
                .hasMessageContaining(
                        "through test.Unsaid 'h', because the plug-in 'halves' does not say what it is made of");
    }

    @Test
    void wrongPartsAreToldToTheirAuthor() {
        Graph graph = graph(List.of(taught("Halves", List.of("x", "v"), "y")));
        Operators wrong = Operators.standard().with(List.of(new TestingHalves("third")));
        assertThatThrownBy(() -> Differentiable.of(graph, wrong))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(
                        "The plug-in 'halves' describes the test.Halves that makes 'y' wrongly: Mul reads 'third'");
    }
}
