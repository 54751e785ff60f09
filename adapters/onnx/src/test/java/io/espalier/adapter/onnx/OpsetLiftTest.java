package io.espalier.adapter.onnx;

import static io.espalier.adapter.onnx.TestingProto.graph;
import static io.espalier.adapter.onnx.TestingProto.integer;
import static io.espalier.adapter.onnx.TestingProto.ints;
import static io.espalier.adapter.onnx.TestingProto.real;
import static io.espalier.adapter.onnx.TestingProto.reals;
import static io.espalier.adapter.onnx.TestingProto.text;

import io.espalier.spi.adapter.GraphExecutor;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.adapter.Runner;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every operator whose form changed, at every opset: the file as it is and the lifted graph compute the same. */
class OpsetLiftTest {

    private static final long SEED = 7_24;

    @TempDir
    Path folder;

    private final List<Case> cases = new ArrayList<>();

    private record Case(String name, int opset, Consumer<TestingProto> build) {}

    @TestFactory
    Stream<DynamicTest> liftsToTheSameComputation() {
        shapes();
        slices();
        normalisations();
        activations();
        resizes();
        indices();
        recurrences();
        controlFlow();
        unchanged();
        return cases.stream()
                .map(each -> DynamicTest.dynamicTest(each.name() + " at opset " + each.opset(), () -> check(each)));
    }

    private void check(Case each) {
        TestingProto proto = TestingProto.opset(each.opset());
        each.build().accept(proto);
        Path file = proto.save(folder.resolve("model.onnx"));
        try (Model model = new OnnxAdapter().open(file)) {
            Map<String, Tensor> inputs = inputs(model.graph());
            Map<String, Tensor> expected;
            try (Runner runner = model.runner()) {
                expected = runner.run(inputs);
            }
            try (Runner runner = new OnnxExecutor().prepare(model.graph(), GraphExecutor.Settings.PLAIN)) {
                TestingModels.assertClose(runner.run(inputs), expected, 1e-5);
            }
        }
    }

    /** Inputs of one shape, whatever is declared; tests that need others say so. */
    private static Map<String, Tensor> inputs(Graph graph) {
        Random random = new Random(SEED);
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        graph.inputs().forEach((name, type) -> {
            List<Long> shape = new ArrayList<>();
            type.shape()
                    .orElse(List.of())
                    .forEach(dimension -> shape.add(dimension instanceof Dimension.Fixed fixed ? fixed.extent() : 3L));
            if (type.shape().isEmpty()) {
                shape.addAll(List.of(2L, 3L, 4L));
            }
            inputs.put(name, TestingModels.random(type.type(), shape, random));
        });
        return inputs;
    }

    /** A case for every opset in a range. */
    private void range(String name, int first, int last, Consumer<TestingProto> build) {
        for (int opset = first; opset <= last; opset++) {
            cases.add(new Case(name, opset, build));
        }
    }

    /** A case in an old form up to some opset and in another form from the next one on. */
    private void forms(
            String name, int first, int lastOld, Consumer<TestingProto> old, Consumer<TestingProto> current) {
        range(name, first, lastOld, old);
        range(name, lastOld + 1, Graph.OPSET, current);
    }

    private static TestingProto x(TestingProto proto, long... dims) {
        return proto.input("x", DataType.FLOAT32, dims).output("y");
    }

    private static TestingProto vector(TestingProto proto, String name, long... values) {
        return proto.constant(name, Tensors.vector(values));
    }

    private static TestingProto weights(TestingProto proto, String name, long... shape) {
        return proto.constant(
                name, TestingModels.random(DataType.FLOAT32, Tensors.shape(shape), new Random(name.hashCode())));
    }

    private void shapes() {
        forms(
                "Squeeze",
                7,
                12,
                m -> x(m, 2, 1, 3, 1).node("Squeeze", "x", "y", ints("axes", 1, 3)),
                m -> vector(x(m, 2, 1, 3, 1), "a", 1, 3).node("Squeeze", "x a", "y"));
        range("Squeeze without axes", 7, 24, m -> x(m, 2, 1, 3, 1).node("Squeeze", "x", "y"));
        forms(
                "Unsqueeze",
                7,
                12,
                m -> x(m, 2, 3).node("Unsqueeze", "x", "y", ints("axes", 0, 3)),
                m -> vector(x(m, 2, 3), "a", 0, 3).node("Unsqueeze", "x a", "y"));
        forms(
                "ReduceSum",
                7,
                12,
                m -> x(m, 2, 3, 4).node("ReduceSum", "x", "y", ints("axes", 0, 2), integer("keepdims", 0)),
                m -> vector(x(m, 2, 3, 4), "a", 0, 2).node("ReduceSum", "x a", "y", integer("keepdims", 0)));
        range("ReduceSum of everything", 7, 24, m -> x(m, 2, 3, 4).node("ReduceSum", "x", "y"));
        for (String operator : List.of(
                "ReduceL1",
                "ReduceL2",
                "ReduceLogSumExp",
                "ReduceMax",
                "ReduceMean",
                "ReduceMin",
                "ReduceProd",
                "ReduceSumSquare")) {
            forms(
                    operator,
                    7,
                    17,
                    m -> x(m, 2, 3, 4).node(operator, "x", "y", ints("axes", 1), integer("keepdims", 1)),
                    m -> vector(x(m, 2, 3, 4), "a", 1).node(operator, "x a", "y", integer("keepdims", 1)));
        }
        range("ReduceMean from the end", 11, 17, m -> x(m, 2, 3, 4).node("ReduceMean", "x", "y", ints("axes", -1)));
        forms(
                "Split",
                7,
                12,
                m -> x(m, 2, 6)
                        .node("Split", "x", "a b", integer("axis", 1), ints("split", 2, 4))
                        .node("Concat", "b a", "y", integer("axis", 1)),
                m -> vector(x(m, 2, 6), "s", 2, 4)
                        .node("Split", "x s", "a b", integer("axis", 1))
                        .node("Concat", "b a", "y", integer("axis", 1)));
        forms(
                "Split evenly",
                7,
                17,
                m -> x(m, 2, 6)
                        .node("Split", "x", "a b", integer("axis", 1))
                        .node("Concat", "b a", "y", integer("axis", 1)),
                m -> x(m, 2, 6)
                        .node("Split", "x", "a b", integer("axis", 1), integer("num_outputs", 2))
                        .node("Concat", "b a", "y", integer("axis", 1)));
    }

    private void slices() {
        forms(
                "Slice",
                7,
                9,
                m -> x(m, 4, 5, 6)
                        .node("Slice", "x", "y", ints("starts", 1, -3), ints("ends", 3, 100), ints("axes", 0, 2)),
                m -> vector(vector(vector(x(m, 4, 5, 6), "s", 1, -3), "e", 3, 100), "a", 0, 2)
                        .node("Slice", "x s e a", "y"));
        range(
                "Slice without axes",
                7,
                9,
                m -> x(m, 4, 5).node("Slice", "x", "y", ints("starts", 1, 1), ints("ends", 3, 4)));
        range(
                "Slice backwards",
                10,
                24,
                m -> vector(vector(vector(vector(x(m, 4, 5), "s", -1), "e", -100), "a", 1), "t", -2)
                        .node("Slice", "x s e a t", "y"));
        for (String mode : List.of("constant", "reflect", "edge")) {
            forms(
                    "Pad " + mode,
                    7,
                    10,
                    m -> x(m, 2, 3, 4)
                            .node(
                                    "Pad",
                                    "x",
                                    "y",
                                    ints("pads", 0, 1, 2, 0, 0, 1),
                                    text("mode", mode),
                                    real("value", 0.5)),
                    m -> vector(x(m, 2, 3, 4), "p", 0, 1, 2, 0, 0, 1)
                            .constant("v", Tensors.floats(List.of(), 0.5f))
                            .node("Pad", "x p v", "y", text("mode", mode)));
        }
        range("Pad with nothing said", 7, 10, m -> x(m, 2, 3).node("Pad", "x", "y", ints("pads", 0, 1, 2, 0)));
        forms(
                "TopK",
                7,
                9,
                m -> x(m, 2, 5).node("TopK", "x", "y i", integer("k", 2)),
                m -> vector(x(m, 2, 5), "k", 2).node("TopK", "x k", "y i"));
    }

    private void normalisations() {
        Consumer<TestingProto> batchNorm = m -> normConstants(x(m, 2, 3, 4, 4), 3)
                .node("BatchNormalization", "x scale bias mean var", "y", real("epsilon", 1e-3));
        range("BatchNormalization", 7, 24, batchNorm);
        range(
                "BatchNormalization with unread statistics",
                7,
                8,
                m -> normConstants(x(m, 2, 3, 4, 4), 3)
                        .node("BatchNormalization", "x scale bias mean var", "y", integer("spatial", 1)));
        range(
                "InstanceNormalization",
                7,
                24,
                m -> normConstants(x(m, 2, 3, 4, 4), 3).node("InstanceNormalization", "x scale bias", "y"));
        forms(
                "GroupNormalization",
                18,
                20,
                m -> normConstants(x(m, 2, 6, 4, 4), 2)
                        .node("GroupNormalization", "x scale bias", "y", integer("num_groups", 2)),
                m -> normConstants(x(m, 2, 6, 4, 4), 6)
                        .node("GroupNormalization", "x scale bias", "y", integer("num_groups", 2)));
        range(
                "LayerNormalization",
                17,
                24,
                m -> normConstants(x(m, 2, 3, 4), 4).node("LayerNormalization", "x scale bias", "y"));
        range("LRN", 7, 24, m -> x(m, 2, 6, 4, 4).node("LRN", "x", "y", integer("size", 3)));
        for (String operator : List.of("Softmax", "LogSoftmax", "Hardmax")) {
            for (int axis = 0; axis < 4; axis++) {
                int chosen = axis;
                range(
                        operator + " on axis " + axis,
                        7,
                        24,
                        m -> x(m, 2, 3, 4, 5).node(operator, "x", "y", integer("axis", chosen)));
            }
            range(operator + " on the default axis", 7, 24, m -> x(m, 2, 3, 4).node(operator, "x", "y"));
            range(
                    operator + " on the last axis",
                    11,
                    24,
                    m -> x(m, 2, 3, 4).node(operator, "x", "y", integer("axis", -1)));
            range(
                    operator + " of unknown rank",
                    7,
                    24,
                    m -> m.unshapedInput("x", DataType.FLOAT32)
                            .output("y")
                            .node(operator, "x", "y", integer("axis", 2)));
            range(operator + " of symbols", 7, 24, m -> x(m, -1, -2, 4).node(operator, "x", "y", integer("axis", 1)));
        }
    }

    private static TestingProto normConstants(TestingProto proto, long size) {
        weights(proto, "scale", size);
        weights(proto, "bias", size);
        weights(proto, "mean", size);
        return proto.constant("var", positive(size));
    }

    private static Tensor positive(long size) {
        double[] values = new Random(SEED).doubles(size, 0.5, 2).toArray();
        return Tensors.fromDoubles(DataType.FLOAT32, List.of(size), values);
    }

    private void activations() {
        forms(
                "Clip",
                7,
                10,
                m -> x(m, 2, 9).node("Clip", "x", "y", real("min", -0.5), real("max", 0.25)),
                m -> x(m, 2, 9)
                        .constant("lo", Tensors.floats(List.of(), -0.5f))
                        .constant("hi", Tensors.floats(List.of(), 0.25f))
                        .node("Clip", "x lo hi", "y"));
        forms(
                "Clip from above",
                7,
                10,
                m -> x(m, 2, 9).node("Clip", "x", "y", real("max", 0.25)),
                m -> x(m, 2, 9).constant("hi", Tensors.floats(List.of(), 0.25f)).node("Clip", "x - hi", "y"));
        range("Clip to nothing", 7, 24, m -> x(m, 2, 9).node("Clip", "x", "y"));
        forms(
                "Dropout",
                7,
                11,
                m -> x(m, 2, 9).node("Dropout", "x", "y", real("ratio", 0.3)),
                m -> x(m, 2, 9).constant("r", Tensors.floats(List.of(), 0.3f)).node("Dropout", "x r", "y"));
        range("Dropout without ratio", 7, 24, m -> x(m, 2, 9).node("Dropout", "x", "y"));
        for (String operator :
                List.of("Relu", "LeakyRelu", "Elu", "Selu", "Sigmoid", "HardSigmoid", "Tanh", "Softplus", "Softsign")) {
            range(operator, 7, 24, m -> x(m, 2, 9).node(operator, "x", "y"));
        }
        range("PRelu", 7, 24, m -> weights(x(m, 2, 3, 4), "slope", 3, 1).node("PRelu", "x slope", "y"));
        range("Gelu", 20, 24, m -> x(m, 2, 9).node("Gelu", "x", "y"));
        range("HardSwish", 14, 24, m -> x(m, 2, 9).node("HardSwish", "x", "y"));
        range("Mish", 18, 24, m -> x(m, 2, 9).node("Mish", "x", "y"));
    }

    private void resizes() {
        for (String mode : List.of("nearest", "linear")) {
            range(
                    "Upsample " + mode,
                    7,
                    8,
                    m -> x(m, 1, 2, 4, 5).node("Upsample", "x", "y", text("mode", mode), reals("scales", 1, 1, 2, 3)));
            range(
                    "Upsample " + mode,
                    9,
                    9,
                    m -> scales(x(m, 1, 2, 4, 5), 1, 1, 2, 3).node("Upsample", "x scales", "y", text("mode", mode)));
            range(
                    "Resize up " + mode,
                    10,
                    10,
                    m -> scales(x(m, 1, 2, 4, 5), 1, 1, 2, 1.5f).node("Resize", "x scales", "y", text("mode", mode)));
            range(
                    "Resize down " + mode,
                    10,
                    10,
                    m -> scales(x(m, 1, 2, 8, 9), 1, 1, 0.6f, 0.5f)
                            .node("Resize", "x scales", "y", text("mode", mode)));
            range(
                    "Resize by scales " + mode,
                    11,
                    24,
                    m -> scales(x(m, 1, 2, 8, 9), 1, 1, 2, 0.5f)
                            .constant("roi", Tensors.floats(List.of(0L)))
                            .node("Resize", "x roi scales", "y", text("mode", mode)));
            range(
                    "Resize to sizes " + mode,
                    11,
                    24,
                    m -> vector(x(m, 1, 2, 8, 9), "sizes", 1, 2, 5, 12)
                            .constant("roi", Tensors.floats(List.of(0L)))
                            .constant("scales", Tensors.floats(List.of(0L)))
                            .node("Resize", "x roi scales sizes", "y", text("mode", mode)));
        }
        range(
                "Resize half pixel for networks of TensorFlow",
                11,
                12,
                m -> scales(x(m, 1, 2, 8, 9), 1, 1, 2, 2)
                        .constant("roi", Tensors.floats(List.of(0L)))
                        .node(
                                "Resize",
                                "x roi scales",
                                "y",
                                text("coordinate_transformation_mode", "tf_half_pixel_for_nn")));
        range(
                "Resize of PyTorch",
                13,
                24,
                m -> scales(x(m, 1, 2, 8, 9), 1, 1, 2, 2)
                        .node(
                                "Resize",
                                "x - scales",
                                "y",
                                text("mode", "nearest"),
                                text("nearest_mode", "floor"),
                                text("coordinate_transformation_mode", "asymmetric")));
    }

    private static TestingProto scales(TestingProto proto, float... scales) {
        return proto.constant("scales", Tensors.floats(Tensors.shape(scales.length), scales));
    }

    private void indices() {
        Consumer<TestingProto> scatter = m -> x(m, 3, 3)
                .constant("i", Tensors.longs(Tensors.shape(2, 3), 1, 0, 2, 0, 2, 1))
                .constant("u", Tensors.floats(Tensors.shape(2, 3), 1, 2, 3, 4, 5, 6));
        range("Scatter", 9, 10, scatter.andThen(m -> m.node("Scatter", "x i u", "y")));
        range("ScatterElements", 11, 24, scatter.andThen(m -> m.node("ScatterElements", "x i u", "y")));
        for (boolean old : List.of(true, false)) {
            for (String mode : List.of("linear", "nearest", "cubic")) {
                String name = old && !mode.equals("nearest") ? "bi" + mode : mode;
                range(
                        "GridSample " + mode,
                        old ? 16 : 20,
                        old ? 19 : 24,
                        m -> x(m, 1, 2, 4, 4)
                                .constant(
                                        "g",
                                        TestingModels.random(
                                                DataType.FLOAT32, Tensors.shape(1, 3, 3, 2), new Random(1)))
                                .node("GridSample", "x g", "y", text("mode", name)));
            }
        }
        range(
                "RoiAlign, which the runtime has up to opset 21",
                10,
                21,
                m -> x(m, 1, 2, 8, 8)
                        .constant("r", Tensors.floats(Tensors.shape(2, 4), 0, 0, 4, 4, 1.5f, 2, 6, 7))
                        .constant("b", Tensors.vector(0, 0))
                        .node("RoiAlign", "x r b", "y", integer("output_height", 2), integer("output_width", 2)));
        forms(
                "DFT",
                17,
                19,
                m -> x(m, 2, 4, 1).node("DFT", "x", "y", integer("axis", 1)),
                m -> x(m, 2, 4, 1).constant("a", Tensors.longs(List.of(), 1)).node("DFT", "x - a", "y"));
        range("DFT on the default axis", 17, 24, m -> x(m, 2, 4, 1).node("DFT", "x", "y"));
        range("ArgMax", 7, 24, m -> x(m, 3, 4).node("ArgMax", "x", "y", integer("axis", 1)));
        range("Gather", 7, 24, m -> vector(x(m, 3, 4), "i", 2, 0).node("Gather", "x i", "y"));
        range(
                "Gemm",
                7,
                24,
                m -> weights(weights(x(m, 3, 4), "w", 5, 4), "b", 5).node("Gemm", "x w b", "y", integer("transB", 1)));
        range("Gemm without bias", 11, 24, m -> weights(x(m, 3, 4), "w", 4, 5).node("Gemm", "x w", "y"));
    }

    private void recurrences() {
        Map<String, Integer> gates = Map.of("LSTM", 4, "GRU", 3, "RNN", 1);
        for (String operator : List.of("LSTM", "GRU", "RNN")) {
            int rows = gates.get(operator) * 5;
            range(
                    operator,
                    7,
                    24,
                    m -> weights(weights(weights(x(m, 4, 2, 3), "w", 2, rows, 3), "r", 2, rows, 5), "b", 2, 2 * rows)
                            .node(
                                    operator,
                                    "x w r b",
                                    "y h",
                                    integer("hidden_size", 5),
                                    text("direction", "bidirectional")));
        }
    }

    private void controlFlow() {
        for (int opset = 7; opset <= 24; opset++) {
            boolean attribute = opset < 13;
            cases.add(new Case("If", opset, m -> {
                TestingProto then =
                        reduceSum(TestingProto.body(), attribute, "x", "t").output("t", DataType.FLOAT32);
                TestingProto otherwise = reduceSum(TestingProto.body().node("Neg", "x", "n"), attribute, "n", "t")
                        .output("t", DataType.FLOAT32);
                x(m, 2, 3)
                        .input("c", DataType.BOOL)
                        .node("If", "c", "y", graph("then_branch", then), graph("else_branch", otherwise));
            }));
            cases.add(new Case("Loop", opset, m -> {
                TestingProto body = TestingProto.body()
                        .input("i", DataType.INT64)
                        .input("keep", DataType.BOOL)
                        .input("state", DataType.FLOAT32, 1, 1)
                        .node("Identity", "keep", "going");
                reduceSum(body, attribute, "x", "sum")
                        .node("Add", "sum state", "next")
                        .node("Identity", "next", "scan");
                body.output("going", DataType.BOOL)
                        .output("next", DataType.FLOAT32)
                        .output("scan", DataType.FLOAT32);
                weights(x(m, 2, 3), "start", 1, 1)
                        .constant("n", Tensors.longs(List.of(), 3))
                        .constant("true", Tensors.fromDoubles(DataType.BOOL, List.of(), 1))
                        .node("Loop", "n true start", "last y", graph("body", body));
            }));
            if (opset >= 9) {
                cases.add(new Case("Scan", opset, m -> {
                    TestingProto body = TestingProto.body()
                            .input("state", DataType.FLOAT32, 1, 1)
                            .input("row", DataType.FLOAT32, 1, 3);
                    reduceSum(body, attribute, "row", "sum")
                            .node("Add", "sum state", "next")
                            .node("Identity", "next", "out");
                    body.output("next", DataType.FLOAT32).output("out", DataType.FLOAT32);
                    weights(x(m, 2, 1, 3), "start", 1, 1)
                            .node("Scan", "start x", "last y", integer("num_scan_inputs", 1), graph("body", body));
                }));
            }
        }
    }

    private static TestingProto reduceSum(TestingProto proto, boolean attribute, String from, String to) {
        if (attribute) {
            return proto.node("ReduceSum", from, to, ints("axes", 0, 1));
        }
        return proto.node("Constant", "", from + "_axes", ints("value_ints", 0, 1))
                .node("ReduceSum", from + " " + from + "_axes", to);
    }

    private void unchanged() {
        range(
                "Conv",
                7,
                24,
                m -> weights(x(m, 1, 4, 6, 6), "w", 6, 2, 3, 3)
                        .node("Conv", "x w", "y", integer("group", 2), text("auto_pad", "SAME_UPPER")));
        range(
                "ConvTranspose",
                7,
                24,
                m -> weights(x(m, 1, 4, 6, 6), "w", 4, 2, 3, 3)
                        .node("ConvTranspose", "x w", "y", ints("strides", 2, 2), ints("output_padding", 1, 1)));
        range(
                "MaxPool",
                7,
                24,
                m -> x(m, 1, 2, 6, 6)
                        .node(
                                "MaxPool",
                                "x",
                                "y",
                                ints("kernel_shape", 3, 3),
                                ints("strides", 2, 2),
                                ints("pads", 1, 1, 1, 1)));
        range(
                "AveragePool",
                7,
                24,
                m -> x(m, 1, 2, 6, 6)
                        .node(
                                "AveragePool",
                                "x",
                                "y",
                                ints("kernel_shape", 3, 3),
                                ints("pads", 1, 1, 1, 1),
                                integer("count_include_pad", 1)));
        range(
                "AveragePool rounded up",
                10,
                24,
                m -> x(m, 1, 2, 6, 6)
                        .node(
                                "AveragePool",
                                "x",
                                "y",
                                ints("kernel_shape", 3, 3),
                                ints("strides", 2, 2),
                                integer("ceil_mode", 1)));
        range("GlobalAveragePool", 7, 24, m -> x(m, 1, 2, 6, 6).node("GlobalAveragePool", "x", "y"));
        range("DepthToSpace", 7, 24, m -> x(m, 1, 8, 2, 2).node("DepthToSpace", "x", "y", integer("blocksize", 2)));
        range("SpaceToDepth", 7, 24, m -> x(m, 1, 2, 4, 4).node("SpaceToDepth", "x", "y", integer("blocksize", 2)));
        range("Cast", 7, 24, m -> x(m, 2, 3).node("Cast", "x", "y", integer("to", 11)));
        range(
                "ConstantOfShape",
                9,
                24,
                m -> x(m, 2, 3)
                        .node("Shape", "x", "s")
                        .node("ConstantOfShape", "s", "y", TestingProto.value("value", Tensors.vector(7))));
        range("Expand", 8, 24, m -> vector(x(m, 2, 1), "s", 2, 3).node("Expand", "x s", "y"));
        range("Tile", 7, 24, m -> vector(x(m, 2, 1), "s", 2, 3).node("Tile", "x s", "y"));
        range(
                "Where",
                9,
                24,
                m -> x(m, 2, 3)
                        .constant("z", Tensors.floats(List.of(), 0))
                        .node("Greater", "x z", "c")
                        .node("Where", "c x z", "y"));
        range("Sum", 8, 24, m -> weights(x(m, 2, 3), "w", 3).node("Sum", "x w x", "y"));
        range(
                "CumSum",
                11,
                24,
                m -> x(m, 2, 3).constant("a", Tensors.longs(List.of(), 1)).node("CumSum", "x a", "y"));
        range("Reshape", 7, 24, m -> vector(x(m, 2, 3), "s", 3, -1).node("Reshape", "x s", "y"));
        range("Flatten", 7, 24, m -> x(m, 2, 3, 4).node("Flatten", "x", "y", integer("axis", 2)));
        range(
                "OneHot",
                9,
                24,
                m -> vector(m.output("y"), "i", 1, 0, 2)
                        .constant("d", Tensors.longs(List.of(), 4))
                        .constant("v", Tensors.floats(List.of(2L), 0, 1))
                        .node("OneHot", "i d v", "y"));
        range("MatMul", 7, 24, m -> weights(x(m, 2, 3, 4), "w", 4, 5).node("MatMul", "x w", "y"));
        range(
                "Einsum",
                12,
                24,
                m -> weights(x(m, 2, 3, 4), "w", 4, 5).node("Einsum", "x w", "y", text("equation", "bij,jk->bki")));
    }
}
