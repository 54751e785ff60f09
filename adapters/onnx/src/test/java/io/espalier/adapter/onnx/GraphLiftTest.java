package io.espalier.adapter.onnx;

import static io.espalier.adapter.onnx.TestingProto.graph;
import static io.espalier.adapter.onnx.TestingProto.integer;
import static io.espalier.adapter.onnx.TestingProto.ints;
import static io.espalier.adapter.onnx.TestingProto.real;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.espalier.adapter.onnx.proto.AttributeProto;
import io.espalier.adapter.onnx.proto.FunctionProto;
import io.espalier.adapter.onnx.proto.NodeProto;
import io.espalier.adapter.onnx.proto.OperatorSetIdProto;
import io.espalier.adapter.onnx.proto.TensorProto;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.adapter.AdapterContext;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GraphLiftTest {

    @TempDir
    Path folder;

    private Graph lift(TestingProto proto) {
        try (Model model = new OnnxAdapter().open(proto.save(folder.resolve("model.onnx")))) {
            return model.graph();
        }
    }

    /** Lifts a model for which the host infers some types. */
    private Graph lift(TestingProto proto, Map<String, ValueType> types) {
        OnnxAdapter adapter = new OnnxAdapter();
        AdapterContext context = AdapterContext.of(adapter, graph -> types);
        try (Model model = adapter.open(proto.save(folder.resolve("model.onnx")), context)) {
            return model.graph();
        }
    }

    private static ValueType type(DataType type, long... extents) {
        return new ValueType(
                type,
                Optional.of(LongStream.of(extents)
                        .<Dimension>mapToObj(Dimension.Fixed::new)
                        .toList()));
    }

    private Map<String, Tensor> runNative(TestingProto proto, Map<String, Tensor> inputs) {
        try (Model model = new OnnxAdapter().open(proto.save(folder.resolve("model.onnx")));
                Runner runner = model.runner()) {
            return runner.run(inputs);
        }
    }

    private static Map<String, Tensor> runLifted(Graph graph, Map<String, Tensor> inputs) {
        try (Runner runner = new OnnxExecutor().prepare(graph, GraphExecutor.Settings.DEFAULT)) {
            return runner.run(inputs);
        }
    }

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
        assertThat(lift(proto).inputs())
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
        assertThat(lift(proto).inputs().get("x").shape().orElseThrow().get(0)).isEqualTo(new Dimension.Unknown());
    }

    @Test
    void initializersAmongTheInputsAreConstants() {
        Graph graph = lift(TestingProto.opset(8)
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
        Graph graph = lift(relu().node("Constant", "", "a", TestingProto.value("value", Tensors.vector(1, 2)))
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
        Graph graph = lift(proto, Map.of("r", type(DataType.FLOAT16, 2, 3)));
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
        Node node = lift(proto).nodes().get(0);
        assertThat(node.qualifiedOperator()).isEqualTo("org.example.Wonder");
        assertThat(node.inputs()).containsExactly("x", "");
        assertThat(node.intAttribute("n", 0)).isEqualTo(3);
    }

    @Test
    void unsortedNodesAreSorted() {
        Graph graph = lift(TestingProto.opset(17)
                .input("x", DataType.FLOAT32, 2)
                .node("Neg", "b", "y")
                .node("Relu", "x", "a")
                .node("Abs", "a", "b")
                .output("y"));
        assertThat(graph.nodes()).extracting(Node::id).containsExactly("a", "b", "y");
    }

    @Test
    void cyclesAreRefusedByName() {
        assertThatThrownBy(() -> lift(TestingProto.opset(17)
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
        assertThatThrownBy(() -> lift(TestingProto.opset(17)
                        .input("c", DataType.BOOL)
                        .node("If", "c", "y", graph("then_branch", branch), graph("else_branch", branch))
                        .output("y")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'y'");
    }

    @Test
    void duplicateNamesAreRefused() {
        assertThatThrownBy(() -> lift(relu().node("Neg", "x", "y")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'y'");
        assertThatThrownBy(() -> lift(relu().input("x", DataType.FLOAT32, 2)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'x'");
        TestingProto twice = relu();
        twice.constant("w", Tensors.vector(1)).constant("w", Tensors.vector(2));
        assertThatThrownBy(() -> lift(twice))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'w'");
    }

    @Test
    void valuesNobodyProducesAreRefused() {
        assertThatThrownBy(() -> lift(relu().node("Neg", "ghost", "z")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'ghost'");
    }

    @Test
    void controlCharactersInNamesAreShownEscaped() {
        assertThatThrownBy(() -> lift(relu().node("Neg", "gh\u001bost", "z"))).hasMessageContaining("'gh\\u001bost'");
    }

    @Test
    void opsetsOutsideTheRangeAreRefused() {
        for (int opset : new int[] {0, 25}) {
            TestingProto proto = relu();
            proto.model().getOpsetImportBuilder(0).setVersion(opset);
            assertThatThrownBy(() -> lift(proto))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("opset " + opset);
        }
        TestingProto none = relu();
        none.model().clearOpsetImport();
        assertThatThrownBy(() -> lift(none))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("opset");
    }

    @Test
    void weightsOfUnknownTypesAreRefusedOnlyWhenRead() {
        TestingProto unread = relu();
        unread.graph().addInitializerBuilder().setName("f8").setDataType(17).addDims(1);
        assertThat(lift(unread).constants()).isEmpty();
        TestingProto read = relu();
        read.graph().addInitializerBuilder().setName("f8").setDataType(17).addDims(1);
        read.node("Neg", "f8", "z");
        assertThatThrownBy(() -> lift(read))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'f8'")
                .hasMessageContaining("FLOAT8E4M3FN");
    }

    @Test
    void inputsOfUnknownTypesAreRefused() {
        TestingProto proto = relu();
        proto.graph().getInputBuilder(0).getTypeBuilder().getTensorTypeBuilder().setElemType(14);
        assertThatThrownBy(() -> lift(proto))
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
        assertThatThrownBy(() -> lift(proto))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'none' of shape [] has 0 texts");
        proto.graph().setInitializer(1, texts("none").toBuilder().addStringData(ByteString.copyFromUtf8("c")));
        Graph graph = lift(proto);
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

    @Test
    void namesRepeatedInBodiesBecomeUnique() {
        TestingProto one = TestingProto.body()
                .constant("w", Tensors.floats(List.of(), 2))
                .node("Mul", "x w", "t")
                .output("t", DataType.FLOAT32);
        one.graph().clearInput();
        TestingProto other = TestingProto.body()
                .constant("w", Tensors.floats(List.of(), 3))
                .node("Mul", "x w", "t")
                .output("t", DataType.FLOAT32);
        other.graph().clearInput();
        TestingProto proto = TestingProto.opset(17)
                .input("x", DataType.FLOAT32, 2)
                .input("c", DataType.BOOL)
                .node("If", "c", "y", graph("then_branch", one), graph("else_branch", other))
                .output("y", DataType.FLOAT32);
        Graph graph = lift(proto);
        List<Graph> bodies = graph.nodes().get(0).bodies();
        assertThat(bodies.get(0).constants()).containsOnlyKeys("w");
        assertThat(bodies.get(1).constants()).containsOnlyKeys("w~1");
        assertThat(bodies.get(1).outputs()).containsExactly("t~1");
        Map<String, Tensor> inputs =
                Map.of("x", Tensors.floats(List.of(2L), 1, 2), "c", Tensors.fromDoubles(DataType.BOOL, List.of(), 0));
        TestingModels.assertClose(runLifted(graph, inputs), runNative(proto, inputs), 0);

        Path file = proto.save(folder.resolve("bodies.onnx"));
        try (Model model = new OnnxAdapter().open(file)) {
            model.write(file, List.of(new Edit.SetConstant("w~1", Tensors.floats(List.of(), 5))), Map.of());
        }
        try (Model model = new OnnxAdapter().open(file);
                Runner runner = model.runner()) {
            assertThat(Tensors.toDoubles(runner.run(inputs).get("y"))).containsExactly(5, 10);
        }
    }

    @Test
    void namesThatHideOuterOnesAreRenamed() {
        TestingProto branch =
                TestingProto.body().node("Neg", "x", "h").node("Abs", "h", "t").output("t", DataType.FLOAT32);
        Graph graph = lift(TestingProto.opset(17)
                .input("x", DataType.FLOAT32, 2)
                .input("c", DataType.BOOL)
                .node("Relu", "x", "h")
                .node("If", "c", "i", graph("then_branch", branch), graph("else_branch", branch))
                .node("Add", "i h", "y")
                .output("y"));
        assertThat(graph.nodes().get(0).id()).isEqualTo("h");
        assertThat(graph.nodes().get(2).inputs()).containsExactly("i", "h");
        Node inner = graph.nodes().get(1).bodies().get(0).nodes().get(0);
        assertThat(inner.id()).isEqualTo("h~1");
        assertThat(graph.nodes().get(1).bodies().get(1).nodes().get(1).inputs()).containsExactly("h~2");
    }

    @Test
    void bodiesMayLeaveTypesToTheNodeAroundThem() {
        TestingProto body =
                TestingProto.body().node("Identity", "keep", "going").node("Add", "state state", "next");
        body.graph().addInputBuilder().setName("i");
        body.graph().addInputBuilder().setName("keep");
        body.graph().addInputBuilder().setName("state");
        body.output("going").output("next");
        TestingProto proto = TestingProto.opset(17)
                .input("x", DataType.FLOAT64, 2)
                .input("n", DataType.INT64)
                .constant("true", Tensors.fromDoubles(DataType.BOOL, List.of(), 1))
                .node("Loop", "n true x", "y", graph("body", body))
                .output("y");
        Graph graph = lift(
                proto,
                Map.of(
                        "i", type(DataType.INT64),
                        "keep", type(DataType.BOOL),
                        "state", type(DataType.FLOAT64, 2)));
        Graph lifted = graph.nodes().get(0).bodies().get(0);
        assertThat(lifted.inputs().values())
                .extracting(ValueType::type)
                .containsExactly(DataType.INT64, DataType.BOOL, DataType.FLOAT64);
        Map<String, Tensor> inputs =
                Map.of("x", Tensors.fromDoubles(DataType.FLOAT64, List.of(2L), 1, 2), "n", Tensors.longs(List.of(), 3));
        assertThat(Tensors.toDoubles(runLifted(graph, inputs).get("y"))).containsExactly(8, 16);
    }

    @Test
    void softmaxOverTheLastAxisOfAComputedShapeStaysOneNode() {
        TestingProto proto = TestingProto.opset(11)
                .input("x", DataType.FLOAT32, -1, -2, 6)
                .node("Shape", "x", "s")
                .node("Constant", "", "zero", integer("value_int", 0))
                .node("Gather", "s zero", "n")
                .node("Unsqueeze", "n", "n1", ints("axes", 0))
                .constant("rest", Tensors.vector(-1, 2, 3))
                .node("Concat", "n1 rest", "target", integer("axis", 0))
                .node("Reshape", "x target", "r")
                .node("Transpose", "r", "t", ints("perm", 0, 2, 1, 3))
                .node("Softmax", "t", "y", integer("axis", 3))
                .output("y");
        assertThat(lift(proto).nodes()).extracting(Node::operator).contains("Flatten");
        Graph graph = lift(proto, Map.of("t", type(DataType.FLOAT32, 4, 3, 2, 6)));
        assertThat(graph.nodes())
                .last()
                .isEqualTo(Node.of("Softmax", List.of("t"), List.of("y"), Map.of("axis", new Attribute.Int(3))));
    }

    @Test
    void localFunctionsAreInlined() {
        TestingProto proto =
                TestingProto.opset(17).input("x", DataType.FLOAT32, 2, 3).output("y");
        proto.model().addOpsetImportBuilder().setDomain("local").setVersion(1);
        OperatorSetIdProto opset =
                OperatorSetIdProto.newBuilder().setDomain("").setVersion(17).build();
        OperatorSetIdProto local =
                OperatorSetIdProto.newBuilder().setDomain("local").setVersion(1).build();
        proto.model()
                .addFunctions(FunctionProto.newBuilder()
                        .setDomain("local")
                        .setName("Scale")
                        .addInput("a")
                        .addOutput("b")
                        .addAttribute("by")
                        .addOpsetImport(opset)
                        .addNode(NodeProto.newBuilder()
                                .setOpType("Constant")
                                .addOutput("k")
                                .addAttribute(AttributeProto.newBuilder()
                                        .setName("value_float")
                                        .setType(AttributeProto.AttributeType.FLOAT)
                                        .setRefAttrName("by")))
                        .addNode(NodeProto.newBuilder()
                                .setOpType("Mul")
                                .addInput("a")
                                .addInput("k")
                                .addOutput("b")));
        proto.model()
                .addFunctions(FunctionProto.newBuilder()
                        .setDomain("local")
                        .setName("Twice")
                        .addInput("a")
                        .addOutput("b")
                        .addOpsetImport(opset)
                        .addOpsetImport(local)
                        .addNode(call("Scale", "a", "k").addAttribute(real("by", 2)))
                        .addNode(call("Scale", "k", "b").addAttribute(real("by", 3))));
        proto.graph().addNode(call("Twice", "x", "k"));
        proto.node("Add", "k x", "y");
        Graph graph = lift(proto);
        assertThat(graph.nodes()).extracting(Node::operator).containsExactly("Mul", "Mul", "Add");
        assertThat(graph.constants()).hasSize(2);
        Map<String, Tensor> inputs = Map.of("x", Tensors.floats(Tensors.shape(2, 3), 1, 2, 3, 4, 5, 6));
        TestingModels.assertClose(runLifted(graph, inputs), runNative(proto, inputs), 1e-6);

        Path file = proto.save(folder.resolve("functions.onnx"));
        String factor = graph.constants().keySet().iterator().next();
        try (Model model = new OnnxAdapter().open(file)) {
            model.write(file, List.of(new Edit.SetConstant(factor, Tensors.floats(List.of(), 4))), Map.of());
        }
        try (Model model = new OnnxAdapter().open(file);
                Runner runner = model.runner()) {
            assertThat(Tensors.toDoubles(runner.run(inputs).get("y"))).startsWith(13, 26);
        }
    }

    @Test
    void functionsMayReturnTheirInputs() {
        TestingProto proto =
                TestingProto.opset(17).input("x", DataType.FLOAT32, 2).output("y");
        proto.model()
                .addFunctions(FunctionProto.newBuilder()
                        .setDomain("local")
                        .setName("Same")
                        .addInput("a")
                        .addOutput("a"));
        proto.graph().addNode(call("Same", "x", "y"));
        assertThat(lift(proto).nodes()).containsExactly(Node.of("Identity", List.of("x"), List.of("y"), Map.of()));
    }

    @Test
    void recursiveFunctionsStayUnknownOperators() {
        TestingProto proto =
                TestingProto.opset(17).input("x", DataType.FLOAT32, 2).output("y");
        proto.model()
                .addFunctions(FunctionProto.newBuilder()
                        .setDomain("local")
                        .setName("Again")
                        .addInput("a")
                        .addOutput("b")
                        .addNode(call("Again", "a", "b")));
        proto.graph().addNode(call("Again", "x", "y"));
        assertThat(lift(proto).nodes()).extracting(Node::qualifiedOperator).containsExactly("local.Again");
    }

    private static NodeProto.Builder call(String function, String input, String output) {
        return NodeProto.newBuilder()
                .setDomain("local")
                .setOpType(function)
                .addInput(input)
                .addOutput(output);
    }
}
