package io.espalier.spi.adapter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import org.junit.jupiter.api.Test;

final class GraphEditsTest {

    private final Graph graph = graph();

    /** Two dense layers: four inputs, three hidden units, two outputs. */
    private static Graph graph() {
        Map<String, Tensor> constants = new LinkedHashMap<>();
        constants.put("first.weight", Tensors.floats(List.of(3L, 4L), 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11));
        constants.put("first.bias", Tensors.floats(List.of(3L), 1, 2, 3));
        constants.put("second.weight", Tensors.floats(List.of(2L, 3L), 6, 5, 4, 3, 2, 1));
        constants.put("second.bias", Tensors.floats(List.of(2L), 4, 5));
        Map<String, Attribute> transposed = Map.of("transB", new Attribute.Int(1));
        List<Node> nodes = List.of(
                Node.of("Gemm", List.of("x", "first.weight", "first.bias"), List.of("gemm_1"), transposed),
                Node.of("Gemm", List.of("gemm_1", "second.weight", "second.bias"), List.of("gemm_2"), transposed));
        ValueType type = new ValueType(DataType.FLOAT32, Optional.of(List.of(symbol(), new Dimension.Fixed(4))));
        return new Graph("edits", Map.of("x", type), List.of("gemm_2"), nodes, constants, Map.of());
    }

    private Graph after(Edit... edits) {
        return GraphEdits.apply(graph, List.of(edits));
    }

    @Test
    void slicesApplyOneAfterTheOther() {
        Graph cut = after(
                new Edit.Keep("first.weight", 0, new int[] {0, 2}), new Edit.Keep("first.weight", 1, new int[] {3}));
        double[] before = Tensors.toDoubles(graph.constants().get("first.weight"));
        assertThat(cut.constants().get("first.weight").shape()).containsExactly(2L, 1L);
        assertThat(Tensors.toDoubles(cut.constants().get("first.weight"))).containsExactly(before[3], before[11]);
        assertThat(graph.constants().get("first.weight").shape()).containsExactly(3L, 4L);
    }

    /** {@code y = x + b(a(x)); z = Relu(y)}, where {@code a} is read elsewhere in one of two forms. */
    private static Graph residual(boolean shared) {
        Map<String, Tensor> constants = new LinkedHashMap<>();
        constants.put("a.weight", Tensors.floats(List.of(4L, 4L), new float[16]));
        constants.put("b.weight", Tensors.floats(List.of(4L, 4L), new float[16]));
        constants.put("unread", Tensors.floats(List.of(1L), 1));
        List<Node> nodes = List.of(
                Node.of("Relu", List.of("x"), List.of("dead"), Map.of()),
                Node.of("Relu", List.of("x"), List.of("stem"), Map.of()),
                Node.of("MatMul", List.of("stem", "a.weight"), List.of("a"), Map.of()),
                Node.of("MatMul", List.of("a", "b.weight"), List.of("b"), Map.of()),
                Node.of("Add", List.of("b", "stem"), List.of("y"), Map.of()),
                Node.of("Mul", List.of("y", shared ? "a" : "y"), List.of("z"), Map.of()));
        ValueType type = new ValueType(DataType.FLOAT32, Optional.of(List.of(symbol(), new Dimension.Fixed(4))));
        return new Graph(
                "residual",
                Map.of("x", type),
                List.of("z"),
                nodes,
                constants,
                Map.of("a", type, "b", type, "y", type, "z", type));
    }

    @Test
    void aNodeIsLeftOutWithAllThatLedToAnOutputThroughIt() {
        Graph left = GraphEdits.apply(residual(false), List.of(new Edit.Omit("y", 0)));

        assertThat(left.nodes()).extracting(Node::id).containsExactly("dead", "stem", "z");
        assertThat(left.nodes().get(2).inputs()).containsExactly("stem", "stem");
        assertThat(left.constants()).containsOnlyKeys("unread");
        assertThat(left.declared()).containsOnlyKeys("z");
    }

    @Test
    void whatIsReadElsewhereStaysWhenANodeIsLeftOut() {
        Graph left = GraphEdits.apply(residual(true), List.of(new Edit.Omit("y", 0)));

        assertThat(left.nodes()).extracting(Node::id).containsExactly("dead", "stem", "a", "z");
        assertThat(left.nodes().get(3).inputs()).containsExactly("stem", "a");
        assertThat(left.constants()).containsOnlyKeys("a.weight", "unread");
    }

    @Test
    void whatNothingNeedsGoesWithWhatItReads() {
        Graph graph = residual(false);
        List<Node> nodes = new ArrayList<>(graph.nodes());
        nodes.add(Node.of("Relu", List.of("a"), List.of("unneeded"), Map.of()));

        Graph left = GraphEdits.apply(graph.withNodes(nodes), List.of(new Edit.Omit("y", 0)));

        assertThat(left.nodes()).extracting(Node::id).containsExactly("dead", "stem", "z");
    }

    @Test
    void operandsOfASumOfManyAreLeftOutUntilOneRemains() {
        Graph graph = residual(true);
        List<Node> nodes = new ArrayList<>(graph.nodes());
        nodes.set(4, Node.of("Sum", List.of("b", "stem", "a"), List.of("y"), Map.of()));
        Graph sum = graph.withNodes(nodes);

        Graph two = GraphEdits.apply(sum, List.of(new Edit.Omit("y", 0)));
        Graph one = GraphEdits.apply(sum, List.of(new Edit.Omit("y", 2), new Edit.Omit("y", 0)));

        assertThat(two.nodes()).extracting(Node::id).containsExactly("dead", "stem", "a", "y", "z");
        assertThat(two.nodes().get(3).inputs()).containsExactly("stem", "a");
        assertThat(one.nodes().get(3).inputs()).containsExactly("stem", "a");
        assertThat(one.nodes()).extracting(Node::id).containsExactly("dead", "stem", "a", "z");
        assertThatThrownBy(() -> GraphEdits.apply(
                        sum, List.of(new Edit.Omit("y", 0), new Edit.Omit("y", 1), new Edit.Omit("y", 2))))
                .hasMessageContaining("no operand remains");
    }

    @Test
    void aNodeThatIsReturnedOrNotThereIsNotLeftOut() {
        assertThatThrownBy(() -> GraphEdits.apply(residual(false), List.of(new Edit.Omit("z", 0))))
                .hasMessageContaining("returns 'z'");
        assertThatThrownBy(() -> GraphEdits.apply(residual(false), List.of(new Edit.Omit("q", 0))))
                .hasMessageContaining("no outermost node that makes 'q'");
        assertThatThrownBy(() -> GraphEdits.apply(residual(false), List.of(new Edit.Omit("y", 2))))
                .hasMessageContaining("no operand 2");
    }

    @Test
    void constantsInputsAndAttributesAreReplaced() {
        Graph changed = after(
                new Edit.SetConstant("first.bias", Tensors.floats(List.of(1L), 7)),
                new Edit.SetInput("gemm_2", 2, "own", Tensors.floats(List.of(2L), 1, 2)),
                new Edit.SetAttribute("gemm_1", "transB", Optional.of(new Attribute.Int(0))),
                new Edit.SetAttribute("gemm_2", "transB", Optional.empty()),
                new Edit.Drop(List.of("second.bias")));
        assertThat(Tensors.toFloats(changed.constants().get("first.bias"))).containsExactly(7);
        assertThat(changed.nodes().get(1).inputs()).containsExactly("gemm_1", "second.weight", "own");
        assertThat(changed.nodes().get(0).intAttribute("transB", 1)).isZero();
        assertThat(changed.nodes().get(1).attributes()).doesNotContainKey("transB");
        assertThat(changed.constants()).doesNotContainKey("second.bias").containsKey("own");
    }

    @Test
    void declaredShapesStayUnlessAnEditSaysOtherwise() {
        ValueType type = new ValueType(DataType.FLOAT32, Optional.of(List.of(symbol(), new Dimension.Fixed(3))));
        Graph declaring = new Graph(
                graph.name(),
                graph.inputs(),
                graph.outputs(),
                graph.nodes(),
                graph.constants(),
                Map.of("gemm_1", type, "gemm_2", type));

        Graph changed = GraphEdits.apply(
                declaring,
                List.of(new Edit.SetShape("gemm_1", List.of(new Dimension.Unknown(), new Dimension.Fixed(2)))));

        assertThat(changed.declared().get("gemm_1").shape()).hasValue(List.of(symbol(), new Dimension.Fixed(2)));
        assertThat(changed.declared()).containsEntry("gemm_2", type);
    }

    /** Folds a scale into the layer before it, as deployment does. */
    @Test
    void nodesAreRemovedAndAddedWithConstantsOfTheirOwn() {
        Node first = graph.nodes().get(0);
        Node scaled = Node.of("Mul", List.of("gemm_1", "scale"), List.of("scaled"), Map.of());
        Graph longer = GraphEdits.apply(
                graph,
                List.of(
                        new Edit.AddNode(scaled, Map.of("scale", Tensors.floats(List.of(3L), 1, 2, 3))),
                        new Edit.RemoveNode("gemm_2"),
                        new Edit.AddNode(graph.nodes().get(1).withInput(0, "scaled"), Map.of())));
        assertThat(longer.nodes()).extracting(Node::id).containsExactly("gemm_1", "scaled", "gemm_2");
        assertThat(longer.nodes().get(2).inputs()).startsWith("scaled");
        assertThat(longer.constants()).containsKey("scale");

        Node folded = new Node("", "Gemm", first.inputs(), List.of("scaled"), first.attributes());
        Graph shorter = GraphEdits.apply(
                longer,
                List.of(
                        new Edit.RemoveNode("gemm_1"),
                        new Edit.RemoveNode("scaled"),
                        new Edit.AddNode(folded, Map.of())));
        assertThat(shorter.nodes()).extracting(Node::id).containsExactly("scaled", "gemm_2");
        assertThat(shorter.constants()).doesNotContainKey("scale");
    }

    @Test
    void nodesThatLeaveAValueWithoutProducerAreRefused() {
        assertThatThrownBy(() -> after(new Edit.RemoveNode("gemm_1")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("'gemm_1'");
        assertThatThrownBy(() -> after(new Edit.RemoveNode("none"))).hasMessageContaining("'none'");
        Node clash = Node.of("Identity", List.of("gemm_1"), List.of("y"), Map.of());
        assertThatThrownBy(() -> after(new Edit.AddNode(clash, Map.of("first.bias", Tensors.vector(1)))))
                .hasMessage("the graph has a constant 'first.bias' already");
    }

    @Test
    void addedNodesAreEditedLikeOthers() {
        Node scaled = Node.of("Mul", List.of("gemm_1", "scale"), List.of("scaled"), Map.of());
        Graph changed = after(
                new Edit.RemoveNode("gemm_2"),
                new Edit.AddNode(scaled, Map.of("scale", Tensors.floats(List.of(3L), 1, 2, 3))),
                new Edit.Keep("scale", 0, new int[] {2}),
                new Edit.AddNode(graph.nodes().get(1).withInput(0, "scaled"), Map.of()),
                new Edit.SetInput("gemm_2", 2, "own", Tensors.floats(List.of(2L), 8, 9)),
                new Edit.SetAttribute("gemm_2", "transB", Optional.empty()),
                new Edit.SetConstant("own", Tensors.floats(List.of(2L), 7, 7)));
        assertThat(Tensors.toFloats(changed.constants().get("scale"))).containsExactly(3);
        assertThat(changed.nodes().get(2).inputs()).containsExactly("scaled", "second.weight", "own");
        assertThat(changed.nodes().get(2).attributes()).isEmpty();
        assertThat(Tensors.toFloats(changed.constants().get("own"))).containsExactly(7, 7);
        assertThat(changed.constants()).doesNotContainKey("second.bias");
    }

    @Test
    void anAddedNodeIsRemovedAgainWithItsConstants() {
        Node scaled = Node.of("Mul", List.of("gemm_1", "scale"), List.of("scaled"), Map.of());
        Graph changed =
                after(new Edit.AddNode(scaled, Map.of("scale", Tensors.vector(2))), new Edit.RemoveNode("scaled"));
        assertThat(changed.nodes()).isEqualTo(graph.nodes());
        assertThat(changed.constants()).isEqualTo(graph.constants());
    }

    @Test
    void whatAddedNodesHaveAPartInIsDeclaredNoMore() {
        ValueType type = new ValueType(DataType.FLOAT32, Optional.of(List.of(symbol(), new Dimension.Fixed(3))));
        Graph declaring = graph.withDeclared(Map.of("gemm_1", type, "gemm_2", type));
        Graph changed = GraphEdits.apply(
                declaring,
                List.of(
                        new Edit.RemoveNode("gemm_1"),
                        new Edit.AddNode(graph.nodes().get(0), Map.of())));
        assertThat(changed.declared()).isEqualTo(Map.of("gemm_2", type));
    }

    @Test
    void aValueIsMadeOnceAndARemovedNodeIsGone() {
        Node again = Node.of("Relu", List.of("x"), List.of("gemm_1"), Map.of());
        assertThatThrownBy(() -> after(new Edit.AddNode(again, Map.of()), new Edit.RemoveNode("gemm_1")))
                .hasMessage("the graph has a value 'gemm_1' already");
        assertThatThrownBy(() -> after(new Edit.RemoveNode("gemm_2"), new Edit.RemoveNode("gemm_2")))
                .hasMessage("the graph has no outermost node that makes 'gemm_2'");
        assertThatThrownBy(() -> after(
                        new Edit.RemoveNode("gemm_2"), new Edit.SetAttribute("gemm_2", "transB", Optional.empty())))
                .hasMessage("the graph has no node that makes 'gemm_2'");
        Node circle = Node.of("Relu", List.of("gemm_2"), List.of("gemm_1"), Map.of());
        assertThatThrownBy(() -> after(new Edit.RemoveNode("gemm_1"), new Edit.AddNode(circle, Map.of())))
                .isInstanceOf(IllegalStateException.class);
    }

    private static Dimension symbol() {
        return new Dimension.Symbol("batch");
    }

    @Test
    void editsOfWhatIsNotThereAreRefused() {
        assertThatThrownBy(() -> after(new Edit.Keep("none", 0, new int[] {0})))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the graph has no constant 'none'");
        assertThatThrownBy(() -> after(new Edit.SetConstant("none", Tensors.vector(1))))
                .hasMessage("the graph has no constant 'none'");
        assertThatThrownBy(() -> after(new Edit.SetInput("none", 0, "own", Tensors.vector(1))))
                .hasMessage("the graph has no node that makes 'none'");
    }
}
