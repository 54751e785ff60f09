package io.espalier.adapter.onnx;

import static io.espalier.adapter.onnx.TestingProto.graph;
import static io.espalier.adapter.onnx.TestingProto.integer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.adapter.onnx.proto.ModelProto;
import io.espalier.adapter.onnx.proto.NodeProto;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Edits of nodes that a file cannot hold, or that leave no whole graph. */
class RefusedNodeEditsTest extends NodeEditCases {

    @Test
    void whatTheOpsetCannotSayIsRefused() {
        Edit remove = new Edit.RemoveNode("r");
        assertRefused(
                relu(17),
                "The operator 'Gelu' that makes 'r' cannot be added: the operator came with opset 20 of ONNX, and the file is "
                        + "at opset 17.",
                remove,
                add("Gelu", "x", "r"));
        assertRefused(
                relu(9),
                "The operator 'TopK' that makes 'r' cannot be added: its attribute 'largest' came with opset 11 of ONNX, and "
                        + "the file is at opset 9.",
                remove,
                new Edit.AddNode(
                        Node.of("TopK", List.of("x", "k"), List.of("r", "i"), Map.of("largest", new Attribute.Int(0))),
                        Map.of("k", Tensors.vector(3))));
        assertRefused(
                relu(9),
                "The operator 'Clip' that makes 'r' cannot be added: its input 'min' came with opset 11 of ONNX, and the file "
                        + "is at opset 9.",
                remove,
                add("ReduceMin", "x", "low"),
                add("Clip", "x low", "r"));
        assertRefused(
                relu(11),
                "The operator 'Softmax' that makes 'r' cannot be added: opset 11 of ONNX, that of the file, cannot say what it "
                        + "does.",
                remove,
                add(Node.of("Softmax", List.of("x"), List.of("r"), Map.of("axis", new Attribute.Int(0)))));
        assertRefused(
                relu(9),
                "The operator 'Slice' that makes 'r' cannot be added: its input 'steps' came with opset 10 of ONNX, and the "
                        + "file is at opset 9.",
                remove,
                new Edit.AddNode(
                        Node.of("Slice", List.of("x", "s", "e", "a", "t"), List.of("r"), Map.of()),
                        Map.of(
                                "s",
                                Tensors.vector(0),
                                "e",
                                Tensors.vector(3),
                                "a",
                                Tensors.vector(1),
                                "t",
                                Tensors.vector(1))));
    }

    @Test
    void whatIsNoOperatorIsRefused() {
        Edit remove = new Edit.RemoveNode("r");
        String start = "The operator '%s' that makes 'r' cannot be added: %s.";
        assertRefused(
                relu(17),
                start.formatted("Foo", "the neutral graph has no such operator"),
                remove,
                add("Foo", "x", "r"));
        assertRefused(
                relu(9),
                start.formatted("Upsample", "the neutral graph has no such operator"),
                remove,
                add("Upsample", "x w", "r"));
        assertRefused(
                relu(17),
                start.formatted("Constant", "a constant is given with the node that reads it"),
                remove,
                add(Node.of("Constant", List.of(), List.of("r"), Map.of("value_int", new Attribute.Int(1)))));
        assertRefused(
                relu(17),
                start.formatted("tflite.CUSTOM", "the file imports no operators of 'tflite'"),
                remove,
                add(new Node("tflite", "CUSTOM", List.of("x"), List.of("r"), Map.of())));
        assertRefused(relu(17), start.formatted("Add", "it lacks the input 'B'"), remove, add("Add", "x", "r"));
        assertRefused(
                relu(17),
                start.formatted("Relu", "it has 2 inputs, and at most 1 are allowed"),
                remove,
                add("Relu", "x x", "r"));
        assertRefused(
                relu(17),
                start.formatted("Concat", "it lacks the attribute 'axis'"),
                remove,
                add("Concat", "x x", "r"));
        assertRefused(
                relu(17),
                start.formatted("Relu", "it has no attribute 'alpha'"),
                remove,
                add(Node.of("Relu", List.of("x"), List.of("r"), Map.of("alpha", new Attribute.Real(1)))));
        assertRefused(
                relu(17),
                start.formatted("Concat", "its attribute 'axis' is of another type"),
                remove,
                add(Node.of("Concat", List.of("x"), List.of("r"), Map.of("axis", new Attribute.Real(1)))));
    }

    @Test
    void editsThatLeaveNoWholeGraphAreRefused() {
        assertWrong(relu(17), "nothing makes 'r', which is read", new Edit.RemoveNode("r"));
        assertWrong(
                relu(17), "nothing makes 'none', which is read", new Edit.RemoveNode("r"), add("Relu", "none", "r"));
        assertWrong(relu(17), "the graph has no outermost node that makes 'none'", new Edit.RemoveNode("none"));
        assertWrong(relu(17), "the graph has a value 'r' already", add("Neg", "x", "r"));
        assertWrong(
                relu(17),
                "the graph has a constant 'w' already",
                new Edit.AddNode(
                        Node.of("Mul", List.of("x", "w"), List.of("z"), Map.of()), Map.of("w", Tensors.vector(1))));
        assertWrong(
                relu(17),
                "the graph has no node that makes 'r'",
                new Edit.RemoveNode("r"),
                new Edit.RemoveNode("y"),
                new Edit.SetAttribute("r", "alpha", Optional.empty()),
                add("Neg", "x", "y"));
        assertThatThrownBy(() -> write(relu(17), new Edit.RemoveNode("r"), add("Neg", "y", "r")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("wait for each other");
        assertThat(folder.resolve("edited.onnx")).doesNotExist();
    }

    private static TestingProto oldSoftmax() {
        return TestingProto.opset(9)
                .input("x", DataType.FLOAT32, 2, 3, 4)
                .node("Softmax", "x", "s", integer("axis", 1))
                .node("Neg", "s", "y")
                .output("y", DataType.FLOAT32);
    }

    @Test
    void anOperatorOfTheFileIsRemovedAsAWhole() {
        assertRefused(
                oldSoftmax(),
                "The operator 'Reshape' that makes 's' cannot be removed alone: 'Softmax' of the file is 4 operators of the "
                        + "neutral graph, which are removed together: 's/flat', 's/normalised', 's/shape', 's'.",
                new Edit.RemoveNode("s"),
                add("Neg", "x", "s"));
        ModelProto edited = write(
                oldSoftmax(),
                new Edit.RemoveNode("s"),
                new Edit.RemoveNode("s/shape"),
                new Edit.RemoveNode("s/normalised"),
                new Edit.RemoveNode("s/flat"),
                add("Sigmoid", "x", "s"));
        assertThat(edited.getGraph().getNodeList())
                .extracting(NodeProto::getOpType)
                .containsExactly("Sigmoid", "Neg");
    }

    @Test
    void whatLiesInsideOfAnOperatorIsNotRead() {
        assertRefused(
                oldSoftmax(),
                "The operator 'Neg' that makes 'y' cannot be added: it reads 's/normalised', which lies inside of an operator "
                        + "of the file.",
                new Edit.RemoveNode("y"),
                add("Neg", "s/normalised", "y"));
    }

    private static TestingProto dynamic() {
        return TestingProto.opset(17)
                .input("x", DataType.FLOAT32, 2, 3)
                .constant("w", Tensors.fromDoubles(DataType.UINT8, Tensors.shape(3, 2), 1, 2, 3, 4, 5, 6))
                .node("DynamicQuantizeLinear", "x", "q scale zero")
                .node("MatMulInteger", "q w zero", "p")
                .node("Cast", "p", "f", integer("to", 1))
                .node("Mul", "f scale", "y")
                .output("y", DataType.FLOAT32);
    }

    @Test
    void numbersThatTheFileHasOtherwiseAreNeitherReadNorMade() {
        assertRefused(
                dynamic(),
                "The operator 'Neg' that makes 'y' cannot be added: the file has other numbers for 'q'.",
                new Edit.RemoveNode("y"),
                add("Neg", "q", "y"));
        assertRefused(
                dynamic(),
                "The operator 'Neg' that makes 'q' cannot be added: the file has other numbers for 'q'.",
                new Edit.RemoveNode("q"),
                add("Neg", "x", "q"));
    }

    @Test
    void aValueThatTheFileStillReadsIsMadeByNobodyElse() {
        Path file = dynamic().save(folder.resolve("model.onnx"));
        List<Edit> edits = new ArrayList<>();
        try (Model model = new OnnxAdapter().open(file)) {
            model.graph().nodes().stream()
                    .filter(node -> !node.id().equals("y"))
                    .forEach(node -> edits.add(new Edit.RemoveNode(node.id())));
        }
        edits.add(new Edit.AddNode(
                Node.of("MatMul", List.of("x", "real"), List.of("f"), Map.of()),
                Map.of("real", Tensors.floats(Tensors.shape(3, 2), 1, 2, 3, 4, 5, 6))));
        assertRefused(
                dynamic(),
                "The operator 'DynamicQuantizeLinear' that makes 'q' cannot be removed: the file reads 'scale', which it makes "
                        + "too.",
                edits.toArray(Edit[]::new));
    }

    @Test
    void nodesInBodiesStayAndNodesWithBodiesAreExchanged() {
        TestingProto body = TestingProto.body()
                .constant("k", Tensors.floats(List.of(3L), 1, 2, 3))
                .node("Mul", "x k", "t")
                .output("t", DataType.FLOAT32);
        TestingProto proto = TestingProto.opset(17)
                .input("x", DataType.FLOAT32, -1, 3)
                .input("c", DataType.BOOL)
                .node("If", "c", "y", graph("then_branch", body), graph("else_branch", body))
                .output("y", DataType.FLOAT32);
        assertWrong(proto, "the graph has no outermost node that makes 't'", new Edit.RemoveNode("t"));
        ModelProto edited = write(proto, new Edit.RemoveNode("y"), add("Neg", "x", "y"));
        assertThat(edited.getGraph().getNodeList())
                .extracting(NodeProto::getOpType)
                .containsExactly("Neg");
    }
}
