package io.espalier.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.model.GraphBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Weights inside bodies are trained as they are outside of them. */
class BodyTrainingTest {

    private static final int CLASSES = 3;
    private static final TestingTraining.Examples DATA = TestingTraining.blobs(7, 24, CLASSES, 6);

    private static Graph plain() {
        GraphBuilder graph = new GraphBuilder("plain", 7);
        String hidden = graph.relu(graph.gemm("first", graph.input("x", "batch", 6), 5));
        return graph.output(graph.gemm("second", hidden, CLASSES)).build();
    }

    /** The last product in the body of another node. */
    private static Graph nested(Graph plain, List<Node> before, NodeOfBody node) {
        List<Node> nodes = new ArrayList<>(plain.nodes());
        Node last = nodes.remove(nodes.size() - 1);
        Map<String, Tensor> outer = new LinkedHashMap<>(plain.constants());
        Map<String, Tensor> inner = new LinkedHashMap<>();
        List.of("second.weight", "second.bias").forEach(name -> inner.put(name, outer.remove(name)));
        Node product = new Node(last.domain(), last.operator(), last.inputs(), List.of("product"), last.attributes());
        nodes.addAll(before);
        nodes.add(
                node.of(new Graph("body", Map.of(), List.of("product"), List.of(product), inner, Map.of()), last.id()));
        return new Graph(plain.name(), plain.inputs(), plain.outputs(), nodes, outer, plain.declared());
    }

    private interface NodeOfBody {
        Node of(Graph body, String output);
    }

    /** A branch that is taken whatever the data are, which the file does not say. */
    private static Graph branch() {
        List<Node> condition = List.of(
                Node.of("ReduceSumSquare", List.of("x"), List.of("size"), Map.of("keepdims", new Attribute.Int(0))),
                Node.of("GreaterOrEqual", List.of("size", "size"), List.of("always"), Map.of()));
        return nested(plain(), condition, (body, output) -> {
            Graph other = new Graph(
                    "other",
                    Map.of(),
                    List.of("other"),
                    List.of(Node.of("MatMul", List.of("x", "unused"), List.of("other"), Map.of())),
                    Map.of("unused", Tensors.floats(Tensors.shape(6, CLASSES), new float[18])),
                    Map.of());
            Map<String, Attribute> branches =
                    Map.of("then_branch", new Attribute.Body(body), "else_branch", new Attribute.Body(other));
            return Node.of("If", List.of("always"), List.of(output), branches);
        });
    }

    /** The only turn of a loop, which returns the product along a new axis. */
    private static Graph loop() {
        Graph loop = nested(plain(), List.of(), (body, output) -> {
            Map<String, ValueType> inputs = new LinkedHashMap<>();
            inputs.put("turn", new ValueType(DataType.INT64, Optional.of(List.of())));
            inputs.put("on", new ValueType(DataType.BOOL, Optional.of(List.of())));
            List<Node> nodes = new ArrayList<>(body.nodes());
            nodes.add(Node.of("Identity", List.of("on"), List.of("goes"), Map.of()));
            Graph turn = new Graph("turn", inputs, List.of("goes", "product"), nodes, body.constants(), Map.of());
            return Node.of("Loop", List.of("count", ""), List.of("all"), Map.of("body", new Attribute.Body(turn)));
        });
        List<Node> nodes = new ArrayList<>(loop.nodes());
        nodes.add(Node.of("Squeeze", List.of("all", "axis"), loop.outputs(), Map.of()));
        return loop.withNodes(nodes)
                .withConstants(Map.of("count", Tensors.longs(List.of(), 1), "axis", Tensors.vector(0)));
    }

    private static void agree(Graph nested) {
        Map<String, Tensor> expected = new TestingTraining().epochs(2).trained(plain(), DATA);
        Map<String, Tensor> found = new TestingTraining().epochs(2).trained(nested, DATA);
        expected.forEach((name, tensor) -> assertThat(Tensors.toDoubles(found.get(name)))
                .as(name)
                .containsExactly(Tensors.toDoubles(tensor), within(1e-5)));
    }

    @Test
    void ofABranch() {
        agree(branch());
    }

    @Test
    void ofALoop() {
        agree(loop());
    }
}
