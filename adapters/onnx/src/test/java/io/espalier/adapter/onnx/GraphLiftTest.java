package io.espalier.adapter.onnx;

import static io.espalier.adapter.onnx.TestingLift.lift;
import static io.espalier.adapter.onnx.TestingLift.type;
import static io.espalier.adapter.onnx.TestingProto.graph;
import static io.espalier.adapter.onnx.TestingProto.integer;
import static io.espalier.adapter.onnx.TestingProto.ints;
import static io.espalier.adapter.onnx.TestingProto.real;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.espalier.adapter.onnx.proto.NodeProto;
import io.espalier.adapter.onnx.proto.TensorProto;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensors;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GraphLiftTest {

    @TempDir
    Path folder;

    private static TestingProto relu() {
        return TestingProto.opset(17)
                .input("x", DataType.FLOAT32, 2, 3)
                .output("y")
                .node("Relu", "x", "y");
    }

    @Test
    void declaredExtentsAreNumbersSymbolsOrUnknown() {
        TestingProto proto = relu();
        proto.graph().clearInput();
        proto.input("x", DataType.FLOAT32, -1, 3, 4);
        proto.graph()
                .getInputBuilder(0)
                .getTypeBuilder()
                .getTensorTypeBuilder()
                .getShapeBuilder()
                .getDimBuilder(2)
                .clearDimValue();
        assertThat(lift(folder, proto).inputs())
                .containsExactly(Map.entry(
                        "x",
                        new ValueType(
                                DataType.FLOAT32,
                                Optional.of(List.of(
                                        new Dimension.Symbol("d1"),
                                        new Dimension.Fixed(3),
                                        new Dimension.Unknown())))));
    }

    @Test
    void negativeExtentsOfPaddleAreUnknown() {
        TestingProto proto = relu();
        proto.graph()
                .getInputBuilder(0)
                .getTypeBuilder()
                .getTensorTypeBuilder()
                .getShapeBuilder()
                .getDimBuilder(0)
                .setDimValue(-1);
        assertThat(lift(folder, proto).inputs().get("x").shape().orElseThrow().get(0))
                .isEqualTo(new Dimension.Unknown());
    }

    @Test
    void initializersAmongTheInputsAreConstants() {
        Graph graph = lift(
                folder,
                TestingProto.opset(8)
                        .input("x", DataType.FLOAT32, 2)
                        .constant("w", Tensors.floats(List.of(2L), 1, 2))
                        .node("Add", "x w", "y")
                        .output("y", DataType.FLOAT32));
        assertThat(graph.inputs()).containsOnlyKeys("x");
        assertThat(graph.constants()).containsOnlyKeys("w");
        assertThat(graph.declared()).containsOnlyKeys("y");
    }

    @Test
    void constantNodesOfEveryFormBecomeConstants() {
        Graph graph = lift(
                folder,
                relu().node("Constant", "", "a", TestingProto.value("value", Tensors.vector(1, 2)))
                        .node("Constant", "", "b", real("value_float", 0.5))
                        .node("Constant", "", "c", TestingProto.reals("value_floats", 1, 2))
                        .node("Constant", "", "d", integer("value_int", 7))
                        .node("Constant", "", "e", ints("value_ints", 7, 8)));
        assertThat(graph.constants().keySet()).containsExactly("a", "b", "c", "d", "e");
        assertThat(graph.constants().get("b").shape()).isEmpty();
        assertThat(Tensors.toDoubles(graph.constants().get("c"))).containsExactly(1, 2);
        assertThat(graph.constants().get("d").type()).isEqualTo(DataType.INT64);
        assertThat(Tensors.toLongs(graph.constants().get("e"))).containsExactly(7, 8);
        assertThat(graph.nodes()).hasSize(1);
    }

    @Test
    void halfPrecisionBoundsStayHalfPrecision() {
        TestingProto proto = TestingProto.opset(10)
                .input("x", DataType.FLOAT16, 2, 3)
                .node("Relu", "x", "r")
                .node("Clip", "r", "y", real("min", 0.5))
                .output("y");
        Graph graph = lift(folder, proto, Map.of("r", type(DataType.FLOAT16, 2, 3)));
        assertThat(graph.constants().get("y/min").type()).isEqualTo(DataType.FLOAT16);
    }

    @Test
    void unknownOperatorsPassThrough() {
        TestingProto proto =
                TestingProto.opset(17).input("x", DataType.FLOAT32, 2).output("y");
        proto.graph()
                .addNode(NodeProto.newBuilder()
                        .setDomain("org.example")
                        .setOpType("Wonder")
                        .addInput("x")
                        .addInput("")
                        .addOutput("y")
                        .addAttribute(integer("n", 3)));
        Node node = lift(folder, proto).nodes().get(0);
        assertThat(node.qualifiedOperator()).isEqualTo("org.example.Wonder");
        assertThat(node.inputs()).containsExactly("x", "");
        assertThat(node.intAttribute("n", 0)).isEqualTo(3);
    }

    @Test
    void unsortedNodesAreSorted() {
        Graph graph = lift(
                folder,
                TestingProto.opset(17)
                        .input("x", DataType.FLOAT32, 2)
                        .node("Neg", "b", "y")
                        .node("Relu", "x", "a")
                        .node("Abs", "a", "b")
                        .output("y"));
        assertThat(graph.nodes()).extracting(Node::id).containsExactly("a", "b", "y");
    }

    @Test
    void cyclesAreRefusedByName() {
        assertThatThrownBy(() -> lift(
                        folder,
                        TestingProto.opset(17)
                                .input("x", DataType.FLOAT32, 2)
                                .node("Relu", "x", "a")
                                .node("Add", "a c", "b")
                                .node("Neg", "b", "c")
                                .output("c")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("cycle")
                .hasMessageContaining("'b'")
                .hasMessageContaining("'c'");
    }

    @Test
    void cyclesThroughBodiesAreRefused() {
        TestingProto branch = TestingProto.body().node("Neg", "y", "n").output("n", DataType.FLOAT32);
        assertThatThrownBy(() -> lift(
                        folder,
                        TestingProto.opset(17)
                                .input("c", DataType.BOOL)
                                .node("If", "c", "y", graph("then_branch", branch), graph("else_branch", branch))
                                .output("y")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'y'");
    }

    @Test
    void duplicateNamesAreRefused() {
        assertThatThrownBy(() -> lift(folder, relu().node("Neg", "x", "y")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'y'");
        assertThatThrownBy(() -> lift(folder, relu().input("x", DataType.FLOAT32, 2)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'x'");
        TestingProto twice = relu();
        twice.constant("w", Tensors.vector(1)).constant("w", Tensors.vector(2));
        assertThatThrownBy(() -> lift(folder, twice))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'w'");
    }

    @Test
    void valuesNobodyProducesAreRefused() {
        assertThatThrownBy(() -> lift(folder, relu().node("Neg", "ghost", "z")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'ghost'");
    }

    @Test
    void controlCharactersInNamesAreShownEscaped() {
        assertThatThrownBy(() -> lift(folder, relu().node("Neg", "gh\u001bost", "z")))
                .hasMessageContaining("'gh\\u001bost'");
    }

    @Test
    void opsetsOutsideTheRangeAreRefused() {
        for (int opset : new int[] {0, 25}) {
            TestingProto proto = relu();
            proto.model().getOpsetImportBuilder(0).setVersion(opset);
            assertThatThrownBy(() -> lift(folder, proto))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("opset " + opset);
        }
        TestingProto none = relu();
        none.model().clearOpsetImport();
        assertThatThrownBy(() -> lift(folder, none))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("opset");
    }

    @Test
    void weightsOfUnknownTypesAreRefusedOnlyWhenRead() {
        TestingProto unread = relu();
        unread.graph().addInitializerBuilder().setName("f8").setDataType(17).addDims(1);
        assertThat(lift(folder, unread).constants()).isEmpty();
        TestingProto read = relu();
        read.graph().addInitializerBuilder().setName("f8").setDataType(17).addDims(1);
        read.node("Neg", "f8", "z");
        assertThatThrownBy(() -> lift(folder, read))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'f8'")
                .hasMessageContaining("FLOAT8E4M3FN");
    }

    @Test
    void inputsOfUnknownTypesAreRefused() {
        TestingProto proto = relu();
        proto.graph().getInputBuilder(0).getTypeBuilder().getTensorTypeBuilder().setElemType(14);
        assertThatThrownBy(() -> lift(folder, proto))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'x'")
                .hasMessageContaining("COMPLEX64");
    }

    @Test
    void textsAreMadeByNodes() {
        TestingProto proto = relu();
        proto.graph()
                .addInitializer(texts("list", 2, "a", "ü"))
                .addInitializer(texts("none"))
                .addInitializer(texts("unread", 1, "b"));
        proto.node("Gather", "list none", "picked");
        assertThatThrownBy(() -> lift(folder, proto))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'none' of shape [] has 0 texts");
        proto.graph().setInitializer(1, texts("none").toBuilder().addStringData(ByteString.copyFromUtf8("c")));
        Graph graph = lift(folder, proto);
        assertThat(graph.nodes().stream().map(Node::operator))
                .containsExactly("Constant", "Constant", "Reshape", "Relu", "Gather");
        assertThat(graph.nodes().get(0).attributes()).containsValue(new Attribute.Texts(List.of("a", "ü")));
    }

    private static TensorProto texts(String name, Object... extentAndTexts) {
        TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(8);
        for (Object each : extentAndTexts) {
            if (each instanceof Integer extent) {
                tensor.addDims(extent);
            } else {
                tensor.addStringData(ByteString.copyFromUtf8((String) each));
            }
        }
        return tensor.build();
    }
}
