package io.espalier.graph.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DifferentiationTest {

    private static final Map<String, Attribute> ALL = Map.of("keepdims", new Attribute.Int(0));

    private static final ValueType VECTOR =
            new ValueType(DataType.FLOAT32, Optional.of(List.of(new Dimension.Fixed(3))));

    private static Graph graph(Node... nodes) {
        return new Graph("test", Map.of("x", VECTOR), List.of("loss"), List.of(nodes), Map.of(), Map.of());
    }

    private static double[] gradient(Graph graph, double... at) {
        Gradients gradients = Differentiation.of(graph, Operators.standard(), "loss", List.of("x"));
        String name = gradients.byValue().get("x");
        try (Runner runner = new OnnxExecutor().prepare(gradients.returning(List.of(name)), Settings.DEFAULT)) {
            Tensor x = Tensors.fromDoubles(DataType.FLOAT32, List.of((long) at.length), at);
            Map<String, Tensor> inputs = runner.inputs().isEmpty() ? Map.of() : Map.of("x", x);
            return Tensors.toDoubles(runner.run(inputs).get(name));
        }
    }

    @Test
    void theNormOfZerosHasNoSlope() {
        Graph norm = graph(Node.of("ReduceL2", List.of("x"), List.of("loss"), ALL));
        assertThat(gradient(norm, 0, 0, 0)).containsExactly(0, 0, 0);
        assertThat(gradient(norm, 0, 3, 0)).containsExactly(0, 1, 0);
    }

    @Test
    void whatTheLossDoesNotDependOnHasTheGradientZero() {
        Graph extents = graph(
                Node.of("Shape", List.of("x"), List.of("s"), Map.of()),
                Node.of("Cast", List.of("s"), List.of("f"), Map.of("to", new Attribute.Int(1))),
                Node.of("ReduceSum", List.of("f"), List.of("loss"), ALL));
        assertThat(gradient(extents, 1, 2, 3)).containsExactly(0, 0, 0);
    }

    @Test
    void whatIsMadeOfNothingIsPassedOver() {
        Map<String, Attribute> shape = Map.of("shape", new Attribute.Ints(List.of(3L)));
        Graph noisy = graph(
                Node.of("RandomUniform", List.of(), List.of("noise"), shape),
                Node.of("Add", List.of("x", "noise"), List.of("y"), Map.of()),
                Node.of("ReduceSum", List.of("y"), List.of("loss"), ALL));
        assertThat(gradient(noisy, 1, 2, 3)).containsExactly(1, 1, 1);
    }

    @Test
    void gradientsOfSeveralReadersAreAdded() {
        Graph squares = graph(
                Node.of("Mul", List.of("x", "x"), List.of("y"), Map.of()),
                Node.of("Add", List.of("y", "x"), List.of("z"), Map.of()),
                Node.of("ReduceSum", List.of("z"), List.of("loss"), ALL));
        assertThat(gradient(squares, 1, -2, 0.5)).containsExactly(3, -3, 2);
    }

    @Test
    void anOperatorWithoutAGradientIsNamedWithTheWayToTheLoss() {
        Graph unknown = graph(
                Node.of("Mystery", List.of("x"), List.of("u"), Map.of()),
                Node.of("Tanh", List.of("u"), List.of("t"), Map.of()),
                Node.of("ReduceSum", List.of("t"), List.of("loss"), ALL));
        assertThatThrownBy(() -> gradient(unknown.withDeclared(Map.of("u", VECTOR)), 1, 2, 3))
                .isInstanceOf(NotDifferentiableException.class)
                .hasMessage(
                        "The loss cannot be differentiated through Mystery 'u', because no gradient is known for it; from"
                                + " there it leads to the loss by way of u -> t -> loss.");
    }
}
