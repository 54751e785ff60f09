package io.espalier.graph.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.adapter.onnx.OnnxExecutor;
import io.espalier.graph.gradient.Differentiation;
import io.espalier.graph.gradient.Gradients;
import io.espalier.spi.execution.GraphExecutor.Settings;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FusedGaussianUnitsTest {

    private static final ValueType VECTOR =
            new ValueType(DataType.FLOAT32, Optional.of(List.of(new Dimension.Fixed(6))));

    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, Tensor> constants = new LinkedHashMap<>();

    private String apply(String operator, String... operands) {
        String output = operator + nodes.size();
        nodes.add(Node.of(operator, List.of(operands), List.of(output), Map.of()));
        return output;
    }

    private String product(Random random, String left, String right) {
        return random.nextBoolean() ? apply("Mul", left, right) : apply("Mul", right, left);
    }

    private String number(double value) {
        String name = "number" + constants.size();
        constants.put(name, Tensors.floats(List.of(), (float) value));
        return name;
    }

    /** Factors in any order, the square root of two as divisor or factor. */
    private Graph unit(Random random, double root) {
        String scaled = random.nextBoolean() ? apply("Div", "x", number(root)) : product(random, "x", number(1 / root));
        String bent = apply("Add", apply("Erf", scaled), number(1));
        List<String> factors = new ArrayList<>(List.of("x", bent, number(0.5)));
        Collections.shuffle(factors, random);
        String unit = product(random, product(random, factors.get(0), factors.get(1)), factors.get(2));
        nodes.add(Nodes.total(apply("Mul", unit, unit), "loss"));
        return new Graph("test", Map.of("x", VECTOR), List.of("loss"), nodes, constants, Map.of());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void gradientsAreThoseOfTheArithmetic(long seed) {
        Graph graph = unit(new Random(seed), Math.sqrt(2));
        String kept = graph.nodes().stream()
                .filter(node -> node.operator().equals("Erf"))
                .map(node -> node.outputs().get(0))
                .findFirst()
                .orElseThrow();
        assertThat(gradient(graph, List.of("x"), true))
                .as("seed %d", seed)
                .usingComparatorWithPrecision(1e-5)
                .containsExactly(gradient(graph, List.of("x", kept), false));
    }

    /** Gradients by the error function are asked for where the arithmetic is to remain. */
    private static double[] gradient(Graph graph, List<String> by, boolean fuses) {
        Gradients gradients = Differentiation.of(graph, Operators.standard(), "loss", by);
        List<String> outputs = List.copyOf(gradients.byValue().values());
        Graph backward = gradients.returning(outputs);
        assertThat(backward.nodes().stream().anyMatch(node -> node.operator().equals("Gelu")))
                .isEqualTo(fuses);
        try (Runner runner = new OnnxExecutor().prepare(backward, Settings.DEFAULT)) {
            Tensor x = Tensors.floats(List.of(6L), -3, -1.2f, -0.1f, 0.4f, 1.7f, 4);
            return Tensors.toDoubles(runner.run(Map.of("x", x)).get(outputs.get(0)));
        }
    }

    @Test
    void anotherConstantIsAnotherFunction() {
        Graph graph = unit(new Random(1), 1.5);
        assertThat(FusedGaussianUnits.of(graph, Operators.standard(), Set.of())).isSameAs(graph);
    }
}
