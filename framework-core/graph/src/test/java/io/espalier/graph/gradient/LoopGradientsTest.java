package io.espalier.graph.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.graph.operator.Operators;
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
import org.junit.jupiter.api.Test;

/** Gradients through loops of a known number of turns, by their states, sequences and the weights of their bodies. */
class LoopGradientsTest {

    private static final Tensor WEIGHT = Tensors.floats(Tensors.shape(3, 3), 1, -1, 0.5f, 2, 0, 1, -0.5f, 1, 1);
    private static final Tensor X = Tensors.floats(Tensors.shape(2, 3), 0.3f, -0.2f, 1, 0.7f, -1, 0.1f);

    private static ValueType type(DataType type, long... shape) {
        return new ValueType(
                type,
                Optional.of(Arrays.stream(shape)
                        .<Dimension>mapToObj(Dimension.Fixed::new)
                        .toList()));
    }

    /** A turn multiplies the state with a weight, or with itself in the first turns, and returns what it was. */
    private static Attribute body(Node... more) {
        Map<String, ValueType> inputs = new LinkedHashMap<>();
        inputs.put("turn", type(DataType.INT64));
        inputs.put("on", type(DataType.BOOL));
        inputs.put("state", type(DataType.FLOAT32, 2, 3));
        Attribute square = branch(Node.of("Mul", List.of("state", "state"), List.of("square"), Map.of()));
        Attribute product = branch(Node.of("MatMul", List.of("state", "weight"), List.of("product"), Map.of()));
        List<Node> nodes = new ArrayList<>(List.of(
                Node.of("Less", List.of("turn", "one"), List.of("early"), Map.of()),
                Node.of(
                        "If",
                        List.of("early"),
                        List.of("chosen"),
                        Map.of("then_branch", square, "else_branch", product)),
                Node.of("Tanh", List.of("chosen"), List.of("next"), Map.of()),
                Node.of("Sin", List.of("state"), List.of("seen"), Map.of())));
        nodes.addAll(List.of(more));
        return new Attribute.Body(new Graph(
                "body",
                inputs,
                List.of(more.length == 0 ? "on" : more[more.length - 1].id(), "next", "seen"),
                nodes,
                Map.of("weight", WEIGHT, "one", Tensors.longs(List.of(), 1)),
                Map.of()));
    }

    private static Attribute branch(Node node) {
        return new Attribute.Body(new Graph("branch", Map.of(), node.outputs(), List.of(node), Map.of(), Map.of()));
    }

    private static Graph loop(Attribute body) {
        return new Graph(
                "loop",
                Map.of("x", type(DataType.FLOAT32, 2, 3)),
                List.of("last", "all"),
                List.of(Node.of("Loop", List.of("count", "true", "x"), List.of("last", "all"), Map.of("body", body))),
                Map.of("count", Tensors.longs(List.of(), 3), "true", Tensors.fromDoubles(DataType.BOOL, List.of(), 1)),
                Map.of());
    }

    @Test
    void turnsOfALoop() {
        DifferenceCheck.check(loop(body()), Map.of("x", X), 3);
    }

    /** All turns read one weight, under its name. */
    @Test
    void weightsOfTheBodyHaveGradients() {
        Graph form = Differentiable.of(loop(body()), Operators.standard());
        assertThat(form.constants()).containsKey("weight");
        Gradients gradients = Differentiation.of(form, Operators.standard(), "last", List.of("weight"));
        String gradient = gradients.byValue().get("weight");
        assertThat(gradients.graph().nodes())
                .filteredOn(node -> node.outputs().contains(gradient))
                .singleElement()
                .matches(node -> !node.bodies().isEmpty());
    }

    /** A state that grows is followed where the number of turns is known. */
    @Test
    void turnsWithStatesThatGrowAreWrittenOut() {
        Graph graph = growing(Map.of("count", Tensors.longs(List.of(), 2)), Map.of("x", type(DataType.FLOAT32, 2, 3)));
        assertThat(Differentiable.of(graph, Operators.standard()).nodes())
                .allMatch(node -> node.bodies().isEmpty());
        DifferenceCheck.check(graph, Map.of("x", X), 3);
    }

    private static Graph growing(Map<String, Tensor> constants, Map<String, ValueType> around) {
        Node twice =
                Node.of("Concat", List.of("state", "state"), List.of("next"), Map.of("axis", new Attribute.Int(0)));
        Node on = Node.of("Identity", List.of("on"), List.of("goes"), Map.of());
        Map<String, ValueType> inputs = new LinkedHashMap<>();
        inputs.put("turn", type(DataType.INT64));
        inputs.put("on", type(DataType.BOOL));
        inputs.put("state", new ValueType(DataType.FLOAT32, Optional.empty()));
        Graph body = new Graph("body", inputs, List.of("goes", "next"), List.of(twice, on), Map.of(), Map.of());
        Node loop =
                Node.of("Loop", List.of("count", "", "x"), List.of("last"), Map.of("body", new Attribute.Body(body)));
        return new Graph("loop", around, List.of("last"), List.of(loop), constants, Map.of());
    }

    /** It ends before its third turn, when the state has become small. */
    @Test
    void turnsOfALoopThatDataEnds() {
        List<Node> more = List.of(
                Node.of("Mul", List.of("next", "next"), List.of("squares"), Map.of()),
                Node.of("ReduceMax", List.of("squares"), List.of("peak"), Map.of("keepdims", new Attribute.Int(0))),
                Node.of("Greater", List.of("peak", "bound"), List.of("goes"), Map.of()));
        Graph graph =
                loop(body(more.toArray(Node[]::new))).withConstants(Map.of("bound", Tensors.floats(List.of(), 0.9f)));
        DifferenceCheck.check(graph, Map.of("x", X), 3);
    }

    @Test
    void aStateThatGrowsIsRefused() {
        Map<String, ValueType> around = new LinkedHashMap<>();
        around.put("x", type(DataType.FLOAT32, 2, 3));
        around.put("count", type(DataType.INT64));
        Graph graph = growing(Map.of(), around);
        Graph form = Differentiable.of(graph, Operators.standard());
        assertThatThrownBy(() -> Differentiation.of(form, Operators.standard(), "last", List.of("x")))
                .isInstanceOf(NotDifferentiableException.class)
                .hasMessageContaining("Loop 'last', because a state changes its extents from turn to turn");
    }

    @Test
    void turnsOfAScan() {
        Map<String, ValueType> inside = new LinkedHashMap<>();
        inside.put("state", type(DataType.FLOAT32, 2));
        inside.put("row", type(DataType.FLOAT32, 2));
        inside.put("other", type(DataType.FLOAT32, 2));
        Graph body = new Graph(
                "body",
                inside,
                List.of("next", "seen"),
                List.of(
                        Node.of("Mul", List.of("row", "state"), List.of("product"), Map.of()),
                        Node.of("Add", List.of("product", "other"), List.of("sum"), Map.of()),
                        Node.of("Tanh", List.of("sum"), List.of("next"), Map.of()),
                        Node.of("Mul", List.of("next", "shift"), List.of("seen"), Map.of())),
                Map.of("shift", Tensors.floats(Tensors.shape(2), 2, -1)),
                Map.of());
        Map<String, ValueType> inputs = new LinkedHashMap<>();
        inputs.put("first", type(DataType.FLOAT32, 2));
        inputs.put("x", type(DataType.FLOAT32, 2, 3));
        inputs.put("y", type(DataType.FLOAT32, 3, 2));
        Node scan = Node.of(
                "Scan",
                List.of("first", "x", "y"),
                List.of("last", "all"),
                Map.of(
                        "body",
                        new Attribute.Body(body),
                        "num_scan_inputs",
                        new Attribute.Int(2),
                        "scan_input_axes",
                        new Attribute.Ints(List.of(1L, 0L)),
                        "scan_input_directions",
                        new Attribute.Ints(List.of(0L, 1L)),
                        "scan_output_axes",
                        new Attribute.Ints(List.of(1L)),
                        "scan_output_directions",
                        new Attribute.Ints(List.of(1L))));
        Graph graph = new Graph("scan", inputs, List.of("last", "all"), List.of(scan), Map.of(), Map.of());
        Tensor first = Tensors.floats(Tensors.shape(2), 0.4f, -0.9f);
        Tensor y = Tensors.floats(Tensors.shape(3, 2), 0.2f, 0.8f, -0.3f, 1, 0.6f, -0.7f);
        DifferenceCheck.check(graph, Map.of("first", first, "x", X, "y", y), 11);
    }
}
