package io.espalier.adapter.onnx;

import static io.espalier.adapter.onnx.TestingProto.graph;
import static io.espalier.adapter.onnx.TestingProto.integer;
import static io.espalier.adapter.onnx.TestingProto.ints;
import static io.espalier.adapter.onnx.TestingProto.real;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.adapter.onnx.lift.ValueTypes;
import io.espalier.adapter.onnx.proto.GraphProto;
import io.espalier.adapter.onnx.proto.ModelProto;
import io.espalier.adapter.onnx.proto.NodeProto;
import io.espalier.adapter.onnx.proto.TensorProto;
import io.espalier.adapter.onnx.proto.TensorShapeProto;
import io.espalier.adapter.onnx.proto.TypeProto;
import io.espalier.adapter.onnx.proto.ValueInfoProto;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Attribute;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EditTest {

    @TempDir
    Path folder;

    private ModelProto edit(TestingProto proto, Map<String, String> provenance, Edit... edits) {
        Path file = proto.save(folder.resolve("model.onnx"));
        Path target = folder.resolve("edited.onnx");
        try (Model model = new OnnxAdapter().open(file)) {
            model.write(target, List.of(edits), provenance);
            return ModelProto.parseFrom(Files.readAllBytes(target));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private ModelProto edit(TestingProto proto, Edit... edits) {
        return edit(proto, Map.of(), edits);
    }

    /** Two dense layers of four units between them; pruned to two. */
    private static TestingProto dense(int opset) {
        TestingProto proto = TestingProto.opset(opset)
                .input("x", DataType.FLOAT32, 2, 3)
                .constant("w1", Tensors.floats(Tensors.shape(3, 4), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12))
                .constant("w2", Tensors.floats(Tensors.shape(4, 2), 1, 2, 3, 4, 5, 6, 7, 8))
                .node("MatMul", "x w1", "h")
                .node("MatMul", "h w2", "y")
                .output("y", DataType.FLOAT32);
        TypeProto type = ValueTypes.encode(new ValueType(
                DataType.FLOAT32, Optional.of(List.of(new Dimension.Symbol("n"), new Dimension.Fixed(4)))));
        proto.graph().addValueInfo(ValueInfoProto.newBuilder().setName("h").setType(type));
        return proto;
    }

    private static final Edit[] CUT = {
        new Edit.Keep("w1", 1, new int[] {0, 2}), new Edit.Keep("w2", 0, new int[] {0, 2})
    };

    private Map<String, Tensor> run(Path file, Map<String, Tensor> inputs) {
        try (Model model = new OnnxAdapter().open(file);
                Runner runner = model.runner()) {
            return runner.run(inputs);
        }
    }

    @Test
    void slicesInitializersAndForgetsShapes() {
        ModelProto edited = edit(dense(17), CUT);
        TensorProto w1 = edited.getGraph().getInitializer(0);
        assertThat(w1.getDimsList()).containsExactly(3L, 2L);
        TensorShapeProto h =
                edited.getGraph().getValueInfo(0).getType().getTensorType().getShape();
        assertThat(h.getDimCount()).isEqualTo(2);
        assertThat(h.getDim(1).hasDimValue()).isFalse();
        Map<String, Tensor> inputs = Map.of("x", Tensors.floats(Tensors.shape(2, 3), 1, 1, 1, 0, 1, 0));
        assertThat(Tensors.toDoubles(run(folder.resolve("edited.onnx"), inputs).get("y")))
                .containsExactly(15 * 1 + 21 * 5, 15 * 2 + 21 * 6, 5 * 1 + 7 * 5, 5 * 2 + 7 * 6);
    }

    @Test
    void keepsNamesOfExtentsThatInputsHaveAndForgetsOthers() {
        TestingProto proto = TestingProto.opset(17)
                .input("x", DataType.FLOAT32, -1, 3)
                .constant("w", Tensors.floats(Tensors.shape(3, 4), new float[12]))
                .node("MatMul", "x w", "y")
                .output("y", DataType.FLOAT32);
        TypeProto type = ValueTypes.encode(new ValueType(
                DataType.FLOAT32, Optional.of(List.of(new Dimension.Symbol("d1"), new Dimension.Symbol("4*width")))));
        proto.graph().addValueInfo(ValueInfoProto.newBuilder().setName("y").setType(type));
        TensorShapeProto shape = edit(proto, new Edit.Keep("w", 1, new int[] {0, 2}))
                .getGraph()
                .getValueInfo(0)
                .getType()
                .getTensorType()
                .getShape();
        assertThat(shape.getDim(0).getDimParam()).isEqualTo("d1");
        assertThat(shape.getDim(1).hasDimParam())
                .as("two values whose extents have one name are taken for equally large")
                .isFalse();
    }

    @Test
    void sameShapeKeepsDeclaredShapes() {
        ModelProto edited =
                edit(dense(17), new Edit.SetConstant("w2", Tensors.floats(Tensors.shape(4, 2), new float[8])));
        assertThat(edited.getGraph().getValueInfo(0))
                .isEqualTo(dense(17).build().getGraph().getValueInfo(0));
    }

    @Test
    void initializersAmongTheInputsChangeTheirDeclaration() {
        ModelProto edited = edit(dense(8), CUT);
        ValueInfoProto w1 = edited.getGraph().getInput(1);
        assertThat(w1.getName()).isEqualTo("w1");
        assertThat(w1.getType().getTensorType().getShape().getDim(1).getDimValue())
                .isEqualTo(2);
        Map<String, Tensor> inputs = Map.of("x", Tensors.floats(Tensors.shape(2, 3), 1, 1, 1, 0, 1, 0));
        assertThat(run(folder.resolve("edited.onnx"), inputs).get("y").shape()).containsExactly(2L, 2L);
    }

    @Test
    void constantNodesStayWhereTheyAre() {
        ModelProto edited = edit(
                TestingProto.opset(17)
                        .input("x", DataType.FLOAT32, 2)
                        .node("Constant", "", "a", TestingProto.value("value", Tensors.floats(List.of(4L), 1, 2, 3, 4)))
                        .node("Constant", "", "b", TestingProto.reals("value_floats", 5, 6, 7))
                        .node("Mul", "x a", "m")
                        .node("Add", "m b", "y")
                        .output("y"),
                new Edit.Keep("a", 0, new int[] {1, 3}),
                new Edit.Keep("b", 0, new int[] {0, 2}));
        assertThat(edited.getGraph().getNodeList()).hasSize(4);
        assertThat(edited.getGraph().getNode(0).getName()).isEmpty();
        assertThat(edited.getGraph().getNode(0).getAttribute(0).getT().getDimsList())
                .containsExactly(2L);
        Map<String, Tensor> inputs = Map.of("x", Tensors.floats(List.of(2L), 1, 10));
        assertThat(Tensors.toDoubles(run(folder.resolve("edited.onnx"), inputs).get("y")))
                .containsExactly(7, 47);
    }

    @Test
    void attributesThatBecameInputsAreWrittenBackAsAttributes() {
        TestingProto proto = TestingProto.opset(9)
                .input("x", DataType.FLOAT32, 2, 6)
                .node("Split", "x", "a b", integer("axis", 1), ints("split", 2, 4))
                .node("Clip", "b", "c", real("min", -1), real("max", 1))
                .node("Slice", "c", "d", ints("axes", 1), ints("starts", 0), ints("ends", 2))
                .node("Add", "a d", "y")
                .output("y");
        ModelProto edited = edit(
                proto,
                new Edit.SetConstant("a/split", Tensors.vector(3, 3)),
                new Edit.SetInput("c", 2, "high", Tensors.floats(List.of(), 2)),
                new Edit.SetInput("d", 2, "ends", Tensors.vector(3)),
                new Edit.Drop(List.of("c/max", "d/ends")));
        assertThat(edited.getGraph().getInitializerList()).isEmpty();
        assertThat(edited.getGraph().getNode(0).getAttribute(1)).isEqualTo(ints("split", 3, 3));
        assertThat(edited.getGraph().getNode(1).getAttributeList()).containsExactly(real("min", -1), real("max", 2));
        assertThat(edited.getGraph().getNode(2).getAttribute(2)).isEqualTo(ints("ends", 3));
        assertThat(run(folder.resolve("edited.onnx"), Map.of("x", Tensors.floats(Tensors.shape(2, 6), new float[12])))
                        .get("y")
                        .shape())
                .containsExactly(2L, 3L);
    }

    @Test
    void absentAttributesCanBecomePresent() {
        ModelProto edited = edit(
                TestingProto.opset(9)
                        .input("x", DataType.FLOAT32, 2, 6)
                        .node("Split", "x", "y z", integer("axis", 1))
                        .output("y", "z"),
                new Edit.SetInput("y", 1, "sizes", Tensors.vector(2, 4)),
                new Edit.SetAttribute("y", "num_outputs", Optional.empty()));
        assertThat(edited.getGraph().getNode(0).getAttributeList())
                .containsExactly(integer("axis", 1), ints("split", 2, 4));
    }

    @Test
    void movedInputsAreWrittenToTheirOwnPlace() {
        ModelProto edited = edit(
                TestingProto.opset(10)
                        .input("x", DataType.FLOAT32, 1, 2, 4, 4)
                        .constant("scales", Tensors.floats(List.of(4L), 1, 1, 2, 2))
                        .node("Resize", "x scales", "y")
                        .output("y"),
                new Edit.SetInput("y", 2, "other", Tensors.floats(List.of(4L), 1, 1, 3, 3)),
                new Edit.Drop(List.of("scales")));
        assertThat(edited.getGraph().getNode(0).getInputList()).containsExactly("x", "other");
        assertThat(edited.getGraph().getInitializerList())
                .extracting(TensorProto::getName)
                .containsExactly("other");
    }

    @Test
    void groupsOfTheOldGroupNormalisationAreAnAttribute() {
        ModelProto edited = edit(
                TestingProto.opset(18)
                        .input("x", DataType.FLOAT32, 2, 6, 4)
                        .constant("s", Tensors.floats(List.of(3L), 1, 2, 3))
                        .constant("b", Tensors.floats(List.of(3L), 1, 2, 3))
                        .node("GroupNormalization", "x s b", "y", integer("num_groups", 3))
                        .output("y"),
                new Edit.SetConstant("y/num_groups", Tensors.vector(0, 2, -1)),
                new Edit.Keep("s", 0, new int[] {0, 1}),
                new Edit.Keep("b", 0, new int[] {0, 1}));
        assertThat(edited.getGraph().getNode(0).getAttributeList()).containsExactly(integer("num_groups", 2));
        assertThat(edited.getGraph().getInitializer(0).getDims(0)).isEqualTo(2);
    }

    @Test
    void groupsOfTheOldGroupNormalisationAreAnAttributeOfTheirOwn() {
        ModelProto edited = edit(
                TestingProto.opset(18)
                        .input("x", DataType.FLOAT32, 2, 6, 4)
                        .constant("s", Tensors.floats(List.of(3L), 1, 2, 3))
                        .constant("b", Tensors.floats(List.of(3L), 1, 2, 3))
                        .node("GroupNormalization", "x s b", "y", integer("num_groups", 3))
                        .output("y"),
                new Edit.SetInput("y/grouped", 1, "fewer", Tensors.vector(0, 1, -1)),
                new Edit.Keep("s", 0, new int[] {1}),
                new Edit.Keep("b", 0, new int[] {1}));
        assertThat(edited.getGraph().getNode(0).getAttributeList()).containsExactly(integer("num_groups", 1));
        assertThat(edited.getGraph().getNode(0).getInputList()).containsExactly("x", "s", "b");
    }

    @Test
    void newConstantsOfOldFormatsAreInputsToo() {
        ModelProto edited =
                edit(dense(8), new Edit.SetInput("y", 1, "mine", Tensors.floats(Tensors.shape(4, 1), 1, 1, 1, 1)));
        GraphProto graph = edited.getGraph();
        assertThat(graph.getInputList()).extracting(ValueInfoProto::getName).contains("mine");
        assertThat(graph.getNode(1).getInputList()).containsExactly("h", "mine");
        Map<String, Tensor> inputs = Map.of("x", Tensors.floats(Tensors.shape(2, 3), 1, 0, 0, 0, 1, 0));
        assertThat(Tensors.toDoubles(run(folder.resolve("edited.onnx"), inputs).get("y")))
                .containsExactly(10, 26);
    }

    @Test
    void attributesAreSetAddedAndRemoved() {
        TestingProto proto = TestingProto.opset(17)
                .input("x", DataType.FLOAT32, 2, 3)
                .node("Flatten", "x", "f", integer("axis", 1))
                .node("Softmax", "f", "s")
                .node("Transpose", "s", "y", ints("perm", 0, 1))
                .output("y");
        ModelProto edited = edit(
                proto,
                new Edit.SetAttribute("f", "axis", Optional.of(new Attribute.Int(0))),
                new Edit.SetAttribute("s", "axis", Optional.of(new Attribute.Int(1))),
                new Edit.SetAttribute("y", "perm", Optional.empty()));
        assertThat(edited.getGraph().getNode(0).getAttributeList()).containsExactly(integer("axis", 0));
        assertThat(edited.getGraph().getNode(1).getAttributeList()).containsExactly(integer("axis", 1));
        assertThat(edited.getGraph().getNode(2).getAttributeList()).isEmpty();
    }

    @Test
    void droppedConstantsGoUnlessSomethingReadsThem() {
        TestingProto proto = dense(17).constant("unused", Tensors.vector(1));
        proto.node("Constant", "", "spare", integer("value_int", 1));
        proto.graph().addValueInfo(ValueInfoProto.newBuilder().setName("spare"));
        ModelProto edited =
                edit(proto, new Edit.Keep("unused", 0, new int[0]), new Edit.Drop(List.of("unused", "spare", "w1")));
        assertThat(edited.getGraph().getValueInfoList())
                .extracting(ValueInfoProto::getName)
                .containsExactly("h");
        assertThat(edited.getGraph().getInitializerList())
                .extracting(TensorProto::getName)
                .containsExactly("w1", "w2");
        assertThat(edited.getGraph().getNodeList())
                .extracting(NodeProto::getOpType)
                .containsExactly("MatMul", "MatMul");
    }

    @Test
    void constantsInBodiesAreEditedAndRemovedThere() {
        TestingProto body = TestingProto.body()
                .node("Constant", "", "unread", integer("value_int", 1))
                .node("Constant", "", "k", TestingProto.reals("value_floats", 1, 2, 3))
                .node("Mul", "x k", "t")
                .output("t", DataType.FLOAT32);
        TestingProto proto = TestingProto.opset(17)
                .input("x", DataType.FLOAT32, -1)
                .input("c", DataType.BOOL)
                .node("Constant", "", "first", integer("value_int", 1))
                .node("If", "c", "y", graph("then_branch", body), graph("else_branch", body))
                .output("y");
        ModelProto edited = edit(
                proto,
                new Edit.Keep("k", 0, new int[] {1}),
                new Edit.Keep("k~1", 0, new int[] {2}),
                new Edit.Drop(List.of("first", "unread", "unread~1")));
        assertThat(edited.getGraph().getNodeList()).hasSize(1);
        assertThat(edited.getGraph().getNode(0).getAttribute(1).getG().getNodeList())
                .hasSize(2);
        Tensor x = Tensors.floats(List.of(1L), 10);
        assertThat(Tensors.toDoubles(run(
                                folder.resolve("edited.onnx"),
                                Map.of("x", x, "c", Tensors.fromDoubles(DataType.BOOL, List.of(), 0)))
                        .get("y")))
                .containsExactly(30);
    }

    @Test
    void bodiesKeepRanksAndForgetExtents() {
        TestingProto body = TestingProto.body()
                .input("i", DataType.INT64)
                .input("keep", DataType.BOOL)
                .input("state", DataType.FLOAT32, 4)
                .node("Identity", "keep", "going")
                .node("Add", "state w", "next")
                .output("going", DataType.BOOL)
                .output("next", DataType.FLOAT32);
        TestingProto proto = TestingProto.opset(17)
                .constant("x", Tensors.floats(List.of(4L), 1, 2, 3, 4))
                .constant("w", Tensors.floats(List.of(4L), 10, 20, 30, 40))
                .input("n", DataType.INT64)
                .constant("true", Tensors.fromDoubles(DataType.BOOL, List.of(), 1))
                .node("Loop", "n true x", "y", graph("body", body))
                .output("y");
        ModelProto edited =
                edit(proto, new Edit.Keep("x", 0, new int[] {1, 3}), new Edit.Keep("w", 0, new int[] {1, 3}));
        GraphProto edit = edited.getGraph().getNode(0).getAttribute(0).getG();
        assertThat(edit.getInput(0).getType().getTensorType().hasShape()).isTrue();
        assertThat(edit.getInput(2)
                        .getType()
                        .getTensorType()
                        .getShape()
                        .getDim(0)
                        .hasDimValue())
                .isFalse();
        assertThat(Tensors.toDoubles(run(folder.resolve("edited.onnx"), Map.of("n", Tensors.longs(List.of(), 3)))
                        .get("y")))
                .containsExactly(62, 124);
    }

    @Test
    void provenanceIsAddedOrReplaced() {
        TestingProto proto = dense(17);
        proto.model().addMetadataPropsBuilder().setKey("author").setValue("someone");
        proto.model().addMetadataPropsBuilder().setKey("espalier.plan").setValue("old");
        ModelProto edited = edit(proto, Map.of("espalier.plan", "new"));
        assertThat(edited.getMetadataPropsList()).hasSize(2);
        try (Model model = new OnnxAdapter().open(folder.resolve("edited.onnx"))) {
            assertThat(model.metadata())
                    .containsExactly(Map.entry("author", "someone"), Map.entry("espalier.plan", "new"));
        }
        assertThat(edited.getGraph()).isEqualTo(proto.build().getGraph());
    }

    @Test
    void theTargetMayBeTheOpenFile() throws IOException {
        Path file = dense(17).save(folder.resolve("model.onnx"));
        try (Model model = new OnnxAdapter().open(file)) {
            String digest = model.digest();
            model.write(file, List.of(CUT), Map.of());
            assertThat(model.digest()).isEqualTo(digest);
            assertThat(Tensors.toDoubles(model.graph().constants().get("w2"))).hasSize(8);
        }
        try (Model model = new OnnxAdapter().open(file)) {
            assertThat(Tensors.toDoubles(model.graph().constants().get("w2"))).containsExactly(1, 2, 5, 6);
        }
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).containsExactly(file);
        }
    }

    @Test
    void editsOfWhatIsNotThereAreProgrammingErrors() {
        assertThatThrownBy(() -> edit(dense(17), new Edit.Keep("ghost", 0, new int[] {0})))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'ghost'");
        assertThatThrownBy(() -> edit(dense(17), new Edit.SetAttribute("ghost", "a", Optional.empty())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'ghost'");
        assertThatThrownBy(() -> edit(dense(17), new Edit.Keep("w1", 1, new int[] {4})))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
