package io.espalier.adapter.onnx;

import static io.espalier.adapter.onnx.TestingLift.lift;
import static io.espalier.adapter.onnx.TestingLift.runLifted;
import static io.espalier.adapter.onnx.TestingLift.runNative;
import static io.espalier.adapter.onnx.TestingLift.type;
import static io.espalier.adapter.onnx.TestingProto.graph;
import static io.espalier.adapter.onnx.TestingProto.integer;
import static io.espalier.adapter.onnx.TestingProto.ints;
import static io.espalier.adapter.onnx.TestingProto.real;
import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.adapter.onnx.proto.AttributeProto;
import io.espalier.adapter.onnx.proto.FunctionProto;
import io.espalier.adapter.onnx.proto.NodeProto;
import io.espalier.adapter.onnx.proto.OperatorSetIdProto;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bodies of nodes and functions of a file become parts of one neutral graph. */
class BodyLiftTest {

    @TempDir
    Path folder;

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
        Graph graph = lift(folder, proto);
        List<Graph> bodies = graph.nodes().get(0).bodies();
        assertThat(bodies.get(0).constants()).containsOnlyKeys("w");
        assertThat(bodies.get(1).constants()).containsOnlyKeys("w~1");
        assertThat(bodies.get(1).outputs()).containsExactly("t~1");
        Map<String, Tensor> inputs =
                Map.of("x", Tensors.floats(List.of(2L), 1, 2), "c", Tensors.fromDoubles(DataType.BOOL, List.of(), 0));
        TestingModels.assertClose(runLifted(graph, inputs), runNative(folder, proto, inputs), 0);

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
        Graph graph = lift(
                folder,
                TestingProto.opset(17)
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
                folder,
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
        assertThat(lift(folder, proto).nodes()).extracting(Node::operator).contains("Flatten");
        Graph graph = lift(folder, proto, Map.of("t", type(DataType.FLOAT32, 4, 3, 2, 6)));
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
        Graph graph = lift(folder, proto);
        assertThat(graph.nodes()).extracting(Node::operator).containsExactly("Mul", "Mul", "Add");
        assertThat(graph.constants()).hasSize(2);
        Map<String, Tensor> inputs = Map.of("x", Tensors.floats(Tensors.shape(2, 3), 1, 2, 3, 4, 5, 6));
        TestingModels.assertClose(runLifted(graph, inputs), runNative(folder, proto, inputs), 1e-6);

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
        assertThat(lift(folder, proto).nodes())
                .containsExactly(Node.of("Identity", List.of("x"), List.of("y"), Map.of()));
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
        assertThat(lift(folder, proto).nodes())
                .extracting(Node::qualifiedOperator)
                .containsExactly("local.Again");
    }

    private static NodeProto.Builder call(String function, String input, String output) {
        return NodeProto.newBuilder()
                .setDomain("local")
                .setOpType(function)
                .addInput(input)
                .addOutput(output);
    }
}
