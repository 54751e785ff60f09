package io.espalier.adapter.onnx;

import static io.espalier.adapter.onnx.TestingProto.integer;
import static io.espalier.adapter.onnx.TestingProto.real;
import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.adapter.onnx.proto.ModelProto;
import io.espalier.adapter.onnx.proto.NodeProto;
import io.espalier.adapter.onnx.proto.OperatorSetIdProto;
import io.espalier.adapter.onnx.proto.TensorProto;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Where added nodes lie in the file, and in which form. */
class AddedNodesTest extends NodeEditCases {

    @Test
    void addedNodesStandWhereTheyCanRunUnderFreshNames() {
        TestingProto proto = relu(17);
        proto.graph().getNodeBuilder(0).setName("r");
        ModelProto edited = write(proto, new Edit.RemoveNode("r"), add("Neg", "n", "r"), add("Abs", "x", "n"));
        assertThat(edited.getGraph().getNodeList())
                .extracting(NodeProto::getOpType)
                .containsExactly("Abs", "Neg", "Mul");
        assertThat(edited.getGraph().getNodeList())
                .extracting(NodeProto::getName)
                .containsExactly("n", "r", "");
    }

    @Test
    void readersMoveBehindWhatTheyNowDependOn() {
        TestingProto proto = TestingProto.opset(17)
                .input("x", DataType.FLOAT32, 2, 3)
                .node("Relu", "x", "a")
                .node("Neg", "a", "b")
                .node("Abs", "x", "c")
                .node("Add", "b c", "y")
                .output("y", DataType.FLOAT32);
        ModelProto edited = write(proto, new Edit.RemoveNode("a"), add("Sigmoid", "c", "a"));
        assertThat(edited.getGraph().getNodeList())
                .extracting(NodeProto::getOpType)
                .containsExactly("Abs", "Sigmoid", "Neg", "Add");
    }

    @Test
    void constantsOfRemovedNodesLeaveUnlessSomethingReadsThem() {
        ModelProto without = write(relu(17), new Edit.RemoveNode("y"), add("Neg", "r", "y"));
        assertThat(without.getGraph().getInitializerList()).isEmpty();
        ModelProto with = write(relu(17), new Edit.RemoveNode("y"), add("Add", "r w", "y"));
        assertThat(with.getGraph().getInitializerList())
                .extracting(TensorProto::getName)
                .containsExactly("w");
    }

    @Test
    void constantsThatWereAttributesAreWrittenForOtherReaders() {
        TestingProto proto = TestingProto.opset(9)
                .input("x", DataType.FLOAT32, 2, 3)
                .node("Clip", "x", "c", real("min", 0.5))
                .node("Neg", "c", "y")
                .output("y", DataType.FLOAT32);
        ModelProto edited = write(
                proto,
                new Edit.RemoveNode("y"),
                add("Add", "c c/min", "y"),
                new Edit.SetConstant("c/min", Tensors.floats(List.of(), 0.25f)));
        assertThat(edited.getGraph().getNode(0).getAttribute(0)).isEqualTo(real("min", 0.25));
        assertThat(edited.getGraph().getInitializer(0).getRawData().asReadOnlyByteBuffer())
                .isEqualTo(Tensors.toBytes(Tensors.floats(List.of(), 0.25f)));
    }

    @Test
    void namesThatTheFileHasElsewhereAreNotTakenTwice() {
        TestingProto proto = TestingProto.opset(7)
                .input("x", DataType.FLOAT32, 2, 3, 2)
                .constant("s", Tensors.floats(List.of(3L), 1, 2, 3))
                .node("BatchNormalization", "x s s s s", "b hidden hidden2")
                .node("Relu", "b", "y")
                .output("y", DataType.FLOAT32);
        ModelProto edited =
                write(proto, add("Neg", "b", "hidden"), new Edit.RemoveNode("y"), add("Relu", "hidden", "y"));
        assertThat(edited.getGraph().getNode(1).getOutput(0)).isEqualTo("hidden~1");
        assertThat(edited.getGraph().getNode(2).getInput(0)).isEqualTo("hidden~1");
    }

    @Test
    void operatorsOfTheRuntimeAreImported() {
        Node gelu = new Node("com.microsoft", "Gelu", List.of("x"), List.of("r"), Map.of());
        ModelProto edited = write(relu(17), new Edit.RemoveNode("r"), add(gelu));
        assertThat(edited.getOpsetImportList())
                .extracting(OperatorSetIdProto::getDomain)
                .containsExactly("", "com.microsoft");
        try (Model written = new OnnxAdapter().open(folder.resolve("edited.onnx"));
                Runner runner = written.runner()) {
            assertThat(runner.run(Map.of("x", Tensors.floats(Tensors.shape(2, 3), new float[6]))))
                    .containsKey("y");
        }
    }

    @Test
    void whatIsDeclaredOfChangedValuesIsForgotten() {
        TestingProto proto = relu(17);
        proto.graph().addValueInfo(proto.graph().getOutput(0).toBuilder().setName("r"));
        proto.graph().addValueInfo(proto.graph().getInput(0).toBuilder().setName("y"));
        ModelProto edited = write(proto, new Edit.RemoveNode("r"), add("Neg", "x", "r"));
        assertThat(edited.getGraph().getValueInfoList()).isEmpty();
        assertThat(edited.getGraph().getOutput(0)).isEqualTo(proto.graph().getOutput(0));
    }

    @Test
    void oldOpsetsCountAxesFromTheFront() {
        Edit remove = new Edit.RemoveNode("r");
        Edit.AddNode squeeze = new Edit.AddNode(
                Node.of("Squeeze", List.of("wide", "back"), List.of("r"), Map.of()),
                Map.of("back", Tensors.vector(-1)));
        TestingProto proto = TestingProto.opset(9)
                .input("x", DataType.FLOAT32, 2, 3)
                .input("wide", DataType.FLOAT32, 2, 3, 1)
                .node("Relu", "x", "r")
                .node("Neg", "r", "y")
                .output("y", DataType.FLOAT32);
        ModelProto edited = write(proto, remove, squeeze);
        assertThat(edited.getGraph().getNode(0).getAttributeList()).containsExactly(TestingProto.ints("axes", 2));
        assertThat(edited.getGraph().getInitializerList()).isEmpty();
        Edit.AddNode concat = new Edit.AddNode(
                Node.of("Concat", List.of("x", "x"), List.of("r"), Map.of("axis", new Attribute.Int(-1))), Map.of());
        assertThat(write(proto, remove, concat).getGraph().getNode(0).getAttributeList())
                .containsExactly(integer("axis", 1));
        Edit.AddNode unsqueeze = new Edit.AddNode(
                Node.of("Unsqueeze", List.of("x", "back"), List.of("r"), Map.of()),
                Map.of("back", Tensors.vector(-1, 0)));
        assertThat(write(proto, remove, unsqueeze).getGraph().getNode(0).getAttributeList())
                .containsExactly(TestingProto.ints("axes", 3, 0));
        try (Model written = new OnnxAdapter().open(folder.resolve("edited.onnx"));
                Runner runner = written.runner()) {
            Tensor x = Tensors.floats(Tensors.shape(2, 3), new float[6]);
            Tensor wide = Tensors.floats(Tensors.shape(2, 3, 1), new float[6]);
            assertThat(runner.run(Map.of("x", x, "wide", wide)).get("y").shape())
                    .containsExactly(1L, 2L, 3L, 1L);
        }
    }

    @Test
    void axesFromTheEndOfAnUnknownRankAreRefused() {
        assertRefused(
                TestingProto.opset(9)
                        .unshapedInput("x", DataType.FLOAT32)
                        .node("Relu", "x", "r")
                        .node("Neg", "r", "y")
                        .output("y", DataType.FLOAT32),
                "The operator 'Concat' that makes 'r' cannot be added: opset 9 of ONNX, that of the file, counts axes from the "
                        + "front only.",
                new Edit.RemoveNode("r"),
                add(Node.of("Concat", List.of("x", "x"), List.of("r"), Map.of("axis", new Attribute.Int(-1)))));
    }

    @Test
    void nodesOfCalledFunctionsAreRemovedOneByOne() {
        TestingProto proto = TestingProto.opset(17)
                .input("x", DataType.FLOAT32, 2, 3)
                .node("Twice", "x", "t")
                .node("Neg", "t", "y")
                .output("y", DataType.FLOAT32);
        proto.graph().getNodeBuilder(0).setDomain("own");
        proto.model().addOpsetImportBuilder().setDomain("own").setVersion(1);
        proto.model()
                .addFunctionsBuilder()
                .setName("Twice")
                .setDomain("own")
                .addInput("a")
                .addOutput("c")
                .addNode(NodeProto.newBuilder().setOpType("Relu").addInput("a").addOutput("b"))
                .addNode(NodeProto.newBuilder().setOpType("Abs").addInput("b").addOutput("c"))
                .addOpsetImportBuilder()
                .setDomain("")
                .setVersion(17);
        ModelProto edited =
                write(proto, new Edit.RemoveNode("t"), new Edit.RemoveNode("t/b"), add("Sigmoid", "x", "t"));
        assertThat(edited.getGraph().getNodeList())
                .extracting(NodeProto::getOpType)
                .containsExactly("Sigmoid", "Neg");
    }
}
