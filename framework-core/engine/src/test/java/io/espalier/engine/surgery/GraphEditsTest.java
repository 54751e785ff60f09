package io.espalier.engine.surgery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.spi.adapter.Edit;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.model.GraphBuilder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class GraphEditsTest {

    private final Graph graph = graph();

    private static Graph graph() {
        GraphBuilder builder = new GraphBuilder("edits", 1);
        String x = builder.gemm("first", builder.input("x", "batch", 4), 3);
        return builder.output(builder.gemm("second", x, 2)).build();
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
                        new Edit.AddNode(folded, Map.of()),
                        new Edit.Drop(List.of("scale"))));
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
