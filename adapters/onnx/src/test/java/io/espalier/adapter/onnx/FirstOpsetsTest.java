package io.espalier.adapter.onnx;

import static io.espalier.adapter.onnx.OpsetLiftCases.vector;
import static io.espalier.adapter.onnx.OpsetLiftCases.weights;
import static io.espalier.adapter.onnx.OpsetLiftCases.x;
import static io.espalier.adapter.onnx.TestingProto.integer;
import static io.espalier.adapter.onnx.TestingProto.ints;
import static io.espalier.adapter.onnx.TestingProto.real;
import static io.espalier.adapter.onnx.TestingProto.text;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.adapter.onnx.proto.AttributeProto;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Operators of opsets 1 to 6, which the runtime lacks, compute what their form at opset 9 computes in the runtime. */
class FirstOpsetsTest {

    private static final int MODERN = 9;
    private static final long SEED = 1_6;

    @TempDir
    Path folder;

    private final List<Case> cases = new ArrayList<>();

    private record Case(String name, int opset, Consumer<TestingProto> old, Consumer<TestingProto> modern) {}

    private void range(String name, int first, int last, Consumer<TestingProto> old, Consumer<TestingProto> modern) {
        for (int opset = first; opset <= last; opset++) {
            cases.add(new Case(name, opset, old, modern));
        }
    }

    @TestFactory
    Stream<DynamicTest> anOldFormMeansItsNewForm() {
        activations();
        layers();
        shapes();
        return cases.stream()
                .map(each -> DynamicTest.dynamicTest(each.name() + " at opset " + each.opset(), () -> check(each)));
    }

    private void activations() {
        AttributeProto consumed = ints("consumed_inputs", 0);
        for (String operator :
                List.of("Abs", "Relu", "Sigmoid", "Tanh", "Exp", "Neg", "Floor", "Ceil", "Elu", "LeakyRelu")) {
            Consumer<TestingProto> plain = m -> x(m, 2, 5).node(operator, "x", "y");
            range(operator, 1, 5, m -> x(m, 2, 5).node(operator, "x", "y", consumed), plain);
            range(operator, 6, 6, plain, plain);
        }
        range(
                "Selu",
                1,
                5,
                m -> x(m, 2, 5).node("Selu", "x", "y", consumed),
                m -> x(m, 2, 5).node("Selu", "x", "y", real("alpha", 1.6732), real("gamma", 1.0507)));
        range(
                "Clip",
                1,
                6,
                m -> x(m, 2, 9).node("Clip", "x", "y", real("min", -0.5), real("max", 0.25)),
                m -> x(m, 2, 9).node("Clip", "x", "y", real("min", -0.5), real("max", 0.25)));
        range(
                "PRelu",
                1,
                6,
                m -> weights(x(m, 2, 4, 3, 3), "s", 4).node("PRelu", "x s", "y"),
                m -> weights(x(m, 2, 4, 3, 3), "s", 4)
                        .node("Unsqueeze", "s", "wide", ints("axes", 1, 2))
                        .node("PRelu", "x wide", "y"));
        range(
                "PRelu of one slope",
                1,
                6,
                m -> weights(x(m, 2, 4, 3, 3), "s", 1).node("PRelu", "x s", "y"),
                m -> weights(x(m, 2, 4, 3, 3), "s", 1).node("PRelu", "x s", "y"));
    }

    private void layers() {
        range(
                "BatchNormalization",
                1,
                6,
                m -> statistics(x(m, 2, 4, 3, 3))
                        .node("BatchNormalization", "x s b m v", "y", integer("is_test", 1), integer("spatial", 1)),
                m -> statistics(x(m, 2, 4, 3, 3)).node("BatchNormalization", "x s b m v", "y"));
        range(
                "Dropout",
                1,
                6,
                m -> x(m, 2, 4).node("Dropout", "x", "y", integer("is_test", 1), real("ratio", 0.3)),
                m -> x(m, 2, 4).node("Identity", "x", "y"));
        range(
                "Gemm",
                1,
                6,
                m -> weights(weights(x(m, 2, 4), "w", 4, 3), "b", 3)
                        .node("Gemm", "x w b", "y", integer("broadcast", 1)),
                m -> weights(weights(x(m, 2, 4), "w", 4, 3), "b", 3).node("Gemm", "x w b", "y"));
        range(
                "LSTM",
                1,
                6,
                m -> weights(weights(x(m, 5, 2, 3), "w", 1, 16, 3), "r", 1, 16, 4)
                        .node("LSTM", "x w r", "y", integer("hidden_size", 4), integer("output_sequence", 1)),
                m -> weights(weights(x(m, 5, 2, 3), "w", 1, 16, 3), "r", 1, 16, 4)
                        .node("LSTM", "x w r", "y", integer("hidden_size", 4)));
        range(
                "LpPool",
                1,
                1,
                m -> x(m, 2, 3, 6, 6).node("LpPool", "x", "y", real("p", 2), ints("kernel_shape", 2, 2)),
                m -> x(m, 2, 3, 6, 6).node("LpPool", "x", "y", integer("p", 2), ints("kernel_shape", 2, 2)));
        range(
                "Upsample",
                1,
                6,
                m -> x(m, 2, 3, 4, 4)
                        .node(
                                "Upsample",
                                "x",
                                "y",
                                real("height_scale", 2),
                                real("width_scale", 3),
                                text("mode", "nearest")),
                m -> x(m, 2, 3, 4, 4)
                        .constant("k", Tensors.floats(Tensors.shape(4), 1, 1, 2, 3))
                        .node("Upsample", "x k", "y"));
    }

    private static TestingProto statistics(TestingProto proto) {
        weights(weights(weights(proto, "s", 4), "b", 4), "m", 4);
        return proto.constant("v", Tensors.floats(Tensors.shape(4), 0.5f, 1, 2, 0.25f));
    }

    private void shapes() {
        range(
                "Reshape",
                1,
                4,
                m -> x(m, 2, 6).node("Reshape", "x", "y", ints("shape", 3, -1), ints("consumed_inputs", 0)),
                m -> vector(x(m, 2, 6), "t", 3, -1).node("Reshape", "x t", "y"));
        range(
                "Pad",
                1,
                1,
                m -> x(m, 2, 3).node("Pad", "x", "y", ints("paddings", 0, 1, 0, 2), real("value", 0.5)),
                m -> x(m, 2, 3).node("Pad", "x", "y", ints("pads", 0, 1, 0, 2), real("value", 0.5)));
        range(
                "Concat",
                1,
                3,
                m -> weights(x(m, 2, 3, 2), "w", 2, 2, 2).node("Concat", "x w", "y"),
                m -> weights(x(m, 2, 3, 2), "w", 2, 2, 2).node("Concat", "x w", "y", integer("axis", 1)));
        range(
                "Cast",
                1,
                5,
                m -> x(m, 2, 3).node("Cast", "x", "i", text("to", "INT32")).node("Cast", "i", "y", text("to", "FLOAT")),
                m -> x(m, 2, 3).node("Cast", "x", "i", integer("to", 6)).node("Cast", "i", "y", integer("to", 1)));
        range(
                "Tile",
                1,
                5,
                m -> x(m, 2, 3, 2)
                        .constant("n", Tensors.floats(List.of(), 3))
                        .constant("a", Tensors.floats(List.of(), 1))
                        .node("Tile", "x n a", "y"),
                m -> vector(x(m, 2, 3, 2), "n", 1, 3, 1).node("Tile", "x n", "y"));
    }

    private void check(Case each) {
        assertSame(each.name(), build(each.opset(), each.old()), build(MODERN, each.modern()));
    }

    private static TestingProto build(int opset, Consumer<TestingProto> building) {
        TestingProto proto = TestingProto.opset(opset);
        building.accept(proto);
        return proto;
    }

    private void assertSame(String name, TestingProto old, TestingProto modern) {
        try (Model model = new OnnxAdapter().open(old.save(folder.resolve("old.onnx")));
                Model expected = new OnnxAdapter().open(modern.save(folder.resolve("modern.onnx")));
                Runner runner = model.runner();
                Runner edited = model.runner(List.of()).orElseThrow();
                Runner reference = expected.runner()) {
            Map<String, Tensor> inputs = inputs(model.graph());
            Map<String, Tensor> wanted = reference.run(inputs);
            TestingModels.assertClose(runner.run(inputs), wanted, 1e-6);
            TestingModels.assertClose(edited.run(inputs), wanted, 1e-6);
        }
    }

    private static Map<String, Tensor> inputs(Graph graph) {
        Random random = new Random(SEED);
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        graph.inputs().forEach((name, type) -> {
            List<Long> shape = type.shape().orElseThrow().stream()
                    .map(extent -> ((Dimension.Fixed) extent).extent())
                    .toList();
            inputs.put(name, TestingModels.random(type.type(), shape, random));
        });
        return inputs;
    }

    /** A second operand is laid along some axes of the first, as the attribute says, or along the last ones. */
    @RepeatedTest(60)
    void operandsAreLaidAlongTheAxesThatAreNamed(RepetitionInfo repetition) {
        long seed = SEED * 1000 + repetition.getCurrentRepetition();
        Random random = new Random(seed);
        String operator = List.of("Add", "Sub", "Mul", "Div").get(random.nextInt(4));
        long[] shape = random.longs(1 + random.nextInt(5), 1, 5).toArray();
        int first = random.nextInt(shape.length + 1);
        int last = first + random.nextInt(shape.length - first + 1);
        long[] part = Arrays.copyOfRange(shape, first, last);
        boolean named = last < shape.length && part.length > 0 || random.nextBoolean();
        long[] wide =
                part.length == 0 || !named && last < shape.length ? part : Arrays.copyOf(part, shape.length - first);
        Arrays.fill(wide, Math.min(part.length, wide.length), wide.length, 1);
        AttributeProto[] attributes = named && part.length > 0
                ? new AttributeProto[] {integer("broadcast", 1), integer("axis", first)}
                : new AttributeProto[] {integer("broadcast", 1)};
        Tensor operand = TestingModels.random(DataType.FLOAT32, Tensors.shape(part), random);
        Tensor widened = Tensors.floats(Tensors.shape(wide), Tensors.toFloats(operand));
        TestingProto old = x(TestingProto.opset(1 + random.nextInt(6)), shape).constant("b", operand);
        TestingProto modern = x(TestingProto.opset(MODERN), shape).constant("b", widened);
        assertSame("seed " + seed, old.node(operator, "x b", "y", attributes), modern.node(operator, "x b", "y"));
    }

    @Test
    void whatCannotBeLiftedIsNamed() {
        refused(
                build(1, m -> x(m, 2, 3).node("Affine", "x", "y")),
                "Affine 'y' of opset 1 has no form in later opsets");
        refused(
                build(
                        6,
                        m -> statistics(x(m, 2, 4))
                                .node("BatchNormalization", "x s b m v", "y", integer("is_test", 0))),
                "BatchNormalization 'y' normalises by the statistics of each batch");
        refused(
                build(6, m -> x(m, 2, 4).node("Dropout", "x", "y", integer("is_test", 0), real("ratio", 0.3))),
                "Dropout 'y' drops elements at random (is_test=0)");
        refused(
                build(
                        6,
                        m -> m.unshapedInput("x", DataType.FLOAT32)
                                .constant("b", Tensors.floats(Tensors.shape(3), 1, 2, 3))
                                .output("y")
                                .node("Add", "x b", "y", integer("broadcast", 1), integer("axis", 1))),
                "Add 'y' lays its second operand along axis 1 of the first");
        refused(build(4, m -> x(m, 2, 3).node("Cast", "x", "y", text("to", "REAL"))), "'REAL', which is no type");
    }

    @Test
    void damagedOperandsAreRefused() {
        for (long axis : new long[] {-9, 7, Long.MIN_VALUE, Long.MAX_VALUE}) {
            refused(
                    build(
                            6,
                            m -> x(m, 2, 3)
                                    .constant("b", Tensors.floats(Tensors.shape(2), 1, 2))
                                    .node("Add", "x b", "y", integer("broadcast", 1), integer("axis", axis))),
                    "Add 'y' names axis " + axis + " of an operand with 2 axes");
        }
        refused(
                build(
                        5,
                        m -> x(m, 2, 3)
                                .constant("n", Tensors.floats(Tensors.shape(0)))
                                .constant("a", Tensors.floats(List.of(), 1))
                                .node("Tile", "x n a", "y")),
                "Tile 'y' of opset 5 repeats an axis that is not known");
    }

    private void refused(TestingProto proto, String why) {
        Path file = proto.save(folder.resolve("refused.onnx"));
        assertThatThrownBy(() -> new OnnxAdapter().open(file).close())
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(why);
    }

    @Test
    void nodesAreNotAddedToOldFiles() {
        Path file = build(6, m -> x(m, 2, 3).node("Relu", "x", "y")).save(folder.resolve("old.onnx"));
        try (Model model = new OnnxAdapter().open(file)) {
            Edit added = new Edit.AddNode(Node.of("Neg", List.of("x"), List.of("z"), Map.of()), Map.of());
            assertThatThrownBy(() -> model.write(folder.resolve("target.onnx"), List.of(added), Map.of()))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("nodes are added to files of opset 7 and newer, and the file is at opset 6");
        }
    }
}
