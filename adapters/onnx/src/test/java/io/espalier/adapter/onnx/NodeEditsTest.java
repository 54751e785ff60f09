package io.espalier.adapter.onnx;

import static io.espalier.adapter.onnx.TestingProto.graph;
import static io.espalier.adapter.onnx.TestingProto.integer;
import static io.espalier.adapter.onnx.TestingProto.real;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.adapter.onnx.proto.ModelProto;
import io.espalier.adapter.onnx.proto.NodeProto;
import io.espalier.adapter.onnx.proto.OperatorSetIdProto;
import io.espalier.adapter.onnx.proto.TensorProto;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.GraphEdits;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.RealModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Edits that add and remove nodes. */
class NodeEditsTest {

    private static final List<Integer> OPSETS = List.of(7, 9, 11, 13, 17, 21);
    private static final int SEEDS = 25;

    @TempDir
    Path folder;

    private final Map<TestingNodeEdits.Kind, Integer> made = new EnumMap<>(TestingNodeEdits.Kind.class);

    @TestFactory
    Stream<DynamicTest> theFileIsWhatTheEditsSay() {
        Stream<DynamicTest> seeded = OPSETS.stream()
                .flatMap(opset -> LongStream.range(0, SEEDS)
                        .mapToObj(seed -> DynamicTest.dynamicTest(
                                "opset " + opset + ", seed " + seed, () -> edited(opset, seed))));
        DynamicTest all = DynamicTest.dynamicTest("every kind of edit was made often", () -> {
            for (TestingNodeEdits.Kind kind : TestingNodeEdits.Kind.values()) {
                assertThat(made.getOrDefault(kind, 0)).as(kind.name()).isGreaterThan(15);
            }
        });
        return Stream.concat(seeded, Stream.of(all));
    }

    private void edited(int opset, long seed) {
        Path file = TestingNodeEdits.network(opset, seed).save(folder.resolve("model.onnx"));
        Path target = folder.resolve("edited.onnx");
        try (Model model = new OnnxAdapter().open(file)) {
            TestingNodeEdits edits = TestingNodeEdits.of(model.graph(), seed);
            edits.kinds().forEach(kind -> made.merge(kind, 1, Integer::sum));
            Graph expected = GraphEdits.apply(model.graph(), edits.edits());
            model.write(target, edits.edits(), Map.of());
            Map<String, Tensor> inputs = TestingModels.inputs(model.graph(), file, seed);
            try (Model written = new OnnxAdapter().open(target);
                    Runner natively = written.runner();
                    Runner neutrally = new OnnxExecutor().prepare(expected, GraphExecutor.Settings.PLAIN)) {
                assertSame(expected, written.graph());
                Map<String, Tensor> outputs = natively.run(inputs);
                TestingModels.assertClose(outputs, neutrally.run(inputs), 1e-5);
                if (edits.keepsMeaning()) {
                    try (Runner before = model.runner()) {
                        TestingModels.assertClose(outputs, before.run(inputs), 1e-4);
                    }
                }
            }
        }
    }

    /** Asserts that two graphs are the same but for the order of their nodes and the names of their constants. */
    private static void assertSame(Graph expected, Graph actual) {
        assertThat(actual.inputs()).isEqualTo(expected.inputs());
        assertThat(actual.outputs()).isEqualTo(expected.outputs());
        Map<String, Node> nodes = new HashMap<>();
        actual.nodes().forEach(node -> nodes.put(node.id(), node));
        assertThat(nodes.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        expected.nodes().stream().map(Node::id).toList());
        for (Node node : expected.nodes()) {
            Node other = nodes.get(node.id());
            assertThat(other.qualifiedOperator()).isEqualTo(node.qualifiedOperator());
            assertThat(other.outputs()).isEqualTo(node.outputs());
            assertThat(other.attributes()).isEqualTo(node.attributes());
            assertThat(values(actual, other)).isEqualTo(values(expected, node));
        }
    }

    /** What a node reads: constants in full, other values by name. */
    private static List<Object> values(Graph graph, Node node) {
        List<Object> values = new ArrayList<>();
        for (String input : node.inputs()) {
            Tensor constant = graph.constants().get(input);
            values.add(
                    constant == null ? input : List.of(constant.type(), constant.shape(), Tensors.toBytes(constant)));
        }
        return values;
    }

    @TestFactory
    Stream<DynamicTest> realNetworksSurviveTheExchangeOfTheirNodes() {
        return TestingModels.all(folder).stream()
                .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> exchanged(file)));
    }

    private void exchanged(Path file) {
        Path target = folder.resolve("exchanged.onnx");
        try (Model model = new OnnxAdapter().open(file)) {
            List<Node> nodes = exchangeable(model.graph());
            assertThat(nodes).hasSizeGreaterThan(model.graph().nodes().size() / 2);
            List<Edit> edits = new ArrayList<>();
            nodes.forEach(node -> edits.add(new Edit.RemoveNode(node.id())));
            Collections.shuffle(nodes, new Random(1));
            nodes.forEach(node -> edits.add(add(node)));
            if (file.endsWith(RealModels.MINILM_INT8)) {
                assertThatThrownBy(() -> model.write(target, edits, Map.of()))
                        .isInstanceOf(InvalidInputException.class)
                        .hasMessageContaining("the file has other numbers for");
                return;
            }
            model.write(target, edits, Map.of());
            Map<String, Tensor> inputs = TestingModels.inputs(model.graph(), file, 1);
            try (Model written = new OnnxAdapter().open(target);
                    Runner before = model.runner();
                    Runner after = written.runner()) {
                assertSame(model.graph(), written.graph());
                TestingModels.assertClose(after.run(inputs), before.run(inputs), 1e-6);
            }
        }
    }

    /** All nodes but those that stand for an old Softmax together: no types are inferred here. */
    private static List<Node> exchangeable(Graph graph) {
        Set<String> flattened = graph.nodes().stream()
                .map(Node::id)
                .filter(id -> id.endsWith("/flat"))
                .map(id -> id.substring(0, id.length() - "/flat".length()))
                .collect(Collectors.toSet());
        return new ArrayList<>(graph.nodes().stream()
                .filter(node -> flattened.stream().noneMatch(node.id()::startsWith))
                .toList());
    }

    private ModelProto write(TestingProto proto, Edit... edits) {
        Path file = proto.save(folder.resolve("model.onnx"));
        Path target = folder.resolve("edited.onnx");
        try (Model model = new OnnxAdapter().open(file)) {
            model.write(target, List.of(edits), Map.of());
            return ModelProto.parseFrom(Files.readAllBytes(target));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void assertRefused(TestingProto proto, String sentence, Edit... edits) {
        assertThatThrownBy(() -> write(proto, edits))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage(sentence);
        assertThat(folder.resolve("edited.onnx")).doesNotExist();
    }

    private void assertWrong(TestingProto proto, String sentence, Edit... edits) {
        assertThatThrownBy(() -> write(proto, edits))
                .isInstanceOfAny(IllegalArgumentException.class, IllegalStateException.class)
                .hasMessage(sentence);
        assertThat(folder.resolve("edited.onnx")).doesNotExist();
    }

    private static Edit add(Node node) {
        return new Edit.AddNode(node, Map.of());
    }

    private static Edit add(String operator, String inputs, String output) {
        return add(Node.of(operator, List.of(inputs.split(" ")), List.of(output), Map.of()));
    }

    private static TestingProto relu(int opset) {
        return TestingProto.opset(opset)
                .input("x", DataType.FLOAT32, 2, 3)
                .constant("w", Tensors.floats(List.of(3L), 1, 2, 3))
                .node("Relu", "x", "r")
                .node("Mul", "r w", "y")
                .output("y", DataType.FLOAT32);
    }

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
