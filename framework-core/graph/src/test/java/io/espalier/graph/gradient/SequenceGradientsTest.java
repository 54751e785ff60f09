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
import org.junit.jupiter.api.Test;

/** Sequences of tensors whose lengths are known compute what onnxruntime computes, with gradients that are those of differences. */
class SequenceGradientsTest {

    private static final Tensor X =
            Tensors.floats(Tensors.shape(2, 6), 0.3f, -0.2f, 1, 0.7f, -1, 0.1f, 0.5f, -0.6f, 0.9f, 0.2f, -0.4f, 0.8f);

    private static Graph graph(List<Node> nodes) {
        ValueType type = new ValueType(
                DataType.FLOAT32, Optional.of(List.of(new Dimension.Symbol("n"), new Dimension.Fixed(6))));
        List<Node> all = new ArrayList<>(nodes);
        all.add(Node.of("Sin", List.of("joined"), List.of("y"), Map.of()));
        Map<String, Tensor> constants = Map.of(
                "zero",
                Tensors.longs(List.of(), 0),
                "one",
                Tensors.longs(List.of(), 1),
                "last",
                Tensors.longs(List.of(), -1),
                "four",
                Tensors.longs(List.of(), 4),
                "sizes",
                Tensors.vector(2, 2, 2));
        return new Graph("sequences", Map.of("x", type), List.of("y"), all, constants, Map.of());
    }

    private static Node node(String operator, String output, List<String> inputs, Object... attributes) {
        Map<String, Attribute> named = attributes.length == 0
                ? Map.of()
                : attributes.length == 2
                        ? Map.of((String) attributes[0], new Attribute.Int((int) attributes[1]))
                        : Map.of(
                                (String) attributes[0],
                                new Attribute.Int((int) attributes[1]),
                                (String) attributes[2],
                                new Attribute.Int((int) attributes[3]));
        return Node.of(operator, inputs, List.of(output), named);
    }

    private static double[] run(Graph graph) {
        try (Runner runner = new OnnxExecutor().prepare(graph, Settings.DEFAULT)) {
            return Tensors.toDoubles(runner.run(Map.of("x", X)).get("y"));
        }
    }

    private static void check(List<Node> nodes) {
        Graph graph = graph(nodes);
        Graph form = Differentiable.of(graph, Operators.standard());
        assertThat(run(form)).usingComparatorWithPrecision(1e-6).containsExactly(run(graph));
        DifferenceCheck.check(form, Map.of("x", X), 5);
    }

    @Test
    void partsArePickedAndJoinedAnew() {
        check(List.of(
                node("SplitToSequence", "parts", List.of("x", "sizes"), "axis", 1),
                node("SequenceAt", "first", List.of("parts", "zero")),
                node("SequenceAt", "third", List.of("parts", "last")),
                node("Mul", "product", List.of("first", "third")),
                node("SequenceInsert", "longer", List.of("parts", "product", "one")),
                node("SequenceErase", "shorter", List.of("longer", "zero")),
                node("ConcatFromSequence", "joined", List.of("shorter"), "axis", 1)));
    }

    @Test
    void unequalPartsAreBuiltUp() {
        check(List.of(
                node("SplitToSequence", "parts", List.of("x", "four"), "axis", 1),
                node("SequenceAt", "large", List.of("parts", "zero")),
                node("SequenceAt", "small", List.of("parts", "one")),
                node("SequenceConstruct", "turned", List.of("small", "large")),
                node("SequenceInsert", "more", List.of("turned", "small")),
                node("ConcatFromSequence", "joined", List.of("more"), "axis", -1)));
    }

    @Test
    void slicesAreStacked() {
        check(List.of(
                node("SplitToSequence", "slices", List.of("x"), "axis", 1, "keepdims", 0),
                node("SequenceErase", "five", List.of("slices")),
                node("SequenceLength", "count", List.of("five")),
                node("Cast", "real", List.of("count"), "to", 1),
                node("ConcatFromSequence", "stacked", List.of("five"), "axis", 0, "new_axis", 1),
                node("Div", "joined", List.of("stacked", "real"))));
    }
}
