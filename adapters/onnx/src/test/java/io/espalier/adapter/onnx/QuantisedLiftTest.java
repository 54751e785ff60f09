package io.espalier.adapter.onnx;

import static io.espalier.adapter.onnx.TestingProto.integer;
import static io.espalier.adapter.onnx.TestingProto.ints;
import static io.espalier.adapter.onnx.TestingProto.real;
import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.adapter.onnx.proto.ModelProto;
import io.espalier.adapter.onnx.proto.NodeProto;
import io.espalier.adapter.onnx.proto.OperatorSetIdProto;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Operators on integers mean in real numbers what their kernels compute, but for rounding. */
final class QuantisedLiftTest {

    private static final long SEED = 20261123;
    /** Two steps of the result, of which the smallest holds some fifteen. */
    private static final double TWO_STEPS = 0.15;

    private static final Set<String> STANDARD =
            Set.of("QuantizeLinear", "DequantizeLinear", "QLinearMatMul", "DynamicQuantizeLinear", "MatMulInteger");

    @TempDir
    private Path folder;

    private final Map<String, Consumer<TestingProto>> cases = new LinkedHashMap<>();

    @TestFactory
    Stream<DynamicTest> theLiftedOperatorComputesTheSameButForRounding() {
        define();
        return cases.entrySet().stream()
                .map(each -> DynamicTest.dynamicTest(each.getKey(), () -> check(each.getKey(), each.getValue())));
    }

    private void define() {
        cases.put("QLinearConv", m -> image(m).node("QLinearConv", "q s z w ws wz s z bias", "r"));
        cases.put(
                "QLinearConv, channels last",
                m -> channelsLast(m).node("QLinearConv", "q s z w ws wz s z bias", "r", integer("channels_last", 1)));
        cases.put("QLinearGlobalAveragePool", m -> image(m).node("QLinearGlobalAveragePool", "q s z s z", "r"));
        cases.put(
                "QLinearAveragePool, channels last",
                m -> channelsLast(m)
                        .node(
                                "QLinearAveragePool",
                                "q s z s z",
                                "r",
                                ints("kernel_shape", 2, 2),
                                integer("channels_last", 1)));
        cases.put("NhwcMaxPool", m -> channelsLast(m).node("NhwcMaxPool", "q", "r", ints("kernel_shape", 2, 2)));
        for (String operator : List.of("QLinearAdd", "QLinearMul")) {
            cases.put(operator, m -> matrix(m).node(operator, "q s z q s z s z", "r"));
        }
        cases.put("QLinearSigmoid", m -> matrix(m).node("QLinearSigmoid", "q s z s z", "r"));
        cases.put("QLinearLeakyRelu", m -> matrix(m).node("QLinearLeakyRelu", "q s z s z", "r", real("alpha", 0.3)));
        cases.put(
                "QLinearSoftmax",
                m -> matrix(m).node("QLinearSoftmax", "q s z s z", "r", integer("axis", -1), integer("opset", 13)));
        cases.put("QLinearConcat", m -> matrix(m).node("QLinearConcat", "s z q s z q s z", "r", integer("axis", 1)));
        cases.put(
                "QLinearWhere",
                m -> matrix(m)
                        .constant("chosen", Tensors.fromDoubles(DataType.BOOL, List.of(4L), 1, 0, 0, 1))
                        .node("QLinearWhere", "chosen q s z q s z s z", "r"));
        cases.put("QLinearMatMul", m -> matrix(m).node("QLinearMatMul", "q s z v vs vz s z", "r"));
        cases.put("QGemm", m -> matrix(m).node("QGemm", "q s z v vs vz vb s z", "r", real("alpha", 0.5)));
        cases.put(
                "DynamicQuantizeLinear, MatMulInteger",
                m -> dynamic(m)
                        .node("DynamicQuantizeLinear", "x", "d ds dz")
                        .node("MatMulInteger", "d v dz vz", "sum")
                        .node("Cast", "sum", "float", integer("to", 1))
                        .node("Mul", "ds vs", "scale")
                        .node("Mul", "float scale", "y"));
        cases.put(
                "MatMulIntegerToFloat",
                m -> dynamic(m)
                        .node("DynamicQuantizeLinear", "x", "d ds dz")
                        .node("MatMulIntegerToFloat", "d v ds vs dz vz shift", "y"));
        cases.put("DynamicQuantizeMatMul", m -> dynamic(m).node("DynamicQuantizeMatMul", "x v vs vz shift", "y"));
    }

    private static TestingProto image(TestingProto m) {
        return convolution(quantised(m.input("x", DataType.FLOAT32, 2, 3, 5, 5)));
    }

    private static TestingProto channelsLast(TestingProto m) {
        return convolution(quantised(m.input("x", DataType.FLOAT32, 2, 5, 5, 3)));
    }

    private static TestingProto matrix(TestingProto m) {
        return weights(quantised(m.input("x", DataType.FLOAT32, 3, 4)))
                .constant("vb", Tensors.fromDoubles(DataType.INT32, List.of(6L), 40, -30, 200, 0, 90, -70));
    }

    private static TestingProto dynamic(TestingProto m) {
        return weights(m.input("x", DataType.FLOAT32, 3, 4)).constant("shift", uniform(6, -1, 1));
    }

    private static TestingProto quantised(TestingProto m) {
        return m.constant("s", Tensors.floats(List.of(), 0.03f))
                .constant("z", Tensors.fromDoubles(DataType.UINT8, List.of(), 120))
                .node("QuantizeLinear", "x s z", "q");
    }

    private static TestingProto convolution(TestingProto m) {
        return m.constant("w", bytes(4, 3, 2, 2))
                .constant("ws", uniform(4, 0.001, 0.004))
                .constant("wz", Tensors.fromDoubles(DataType.INT8, List.of(4L), 0, 0, 0, 0))
                .constant("bias", Tensors.fromDoubles(DataType.INT32, List.of(4L), 900, -800, 2000, 0));
    }

    private static TestingProto weights(TestingProto m) {
        return m.constant("v", bytes(4, 6))
                .constant("vs", uniform(6, 0.002, 0.006))
                .constant("vz", Tensors.fromDoubles(DataType.INT8, List.of(6L), 0, 0, 0, 0, 0, 0));
    }

    private static Tensor bytes(long... shape) {
        List<Long> extents = Tensors.shape(shape);
        int size = Math.toIntExact(extents.stream().reduce(1L, Math::multiplyExact));
        return Tensors.fromDoubles(
                DataType.INT8,
                extents,
                new Random(SEED).doubles(size, -127, 127).map(Math::rint).toArray());
    }

    private static Tensor uniform(int size, double lowest, double highest) {
        return Tensors.fromDoubles(
                DataType.FLOAT32,
                List.of((long) size),
                new Random(SEED).doubles(size, lowest, highest).toArray());
    }

    private void check(String name, Consumer<TestingProto> build) {
        TestingProto proto = TestingProto.opset(17);
        build.accept(proto);
        boolean quantisedResult = !name.contains("Integer") && !name.startsWith("Dynamic");
        if (quantisedResult) {
            proto.node("DequantizeLinear", "r s z", "y");
        }
        Path file = TestingProto.save(withDomains(proto.output("y").build()), folder.resolve("model.onnx"));
        try (Model model = new OnnxAdapter().open(file)) {
            assertThat(model.graph().nodes()).noneMatch(node -> node.domain().equals("com.microsoft"));
            Tensor x = TestingModels.random(DataType.FLOAT32, shape(model), new Random(SEED));
            try (Runner runtime = model.runner();
                    Runner lifted = new OnnxExecutor().prepare(model.graph(), GraphExecutor.Settings.PLAIN)) {
                TestingModels.assertClose(lifted.run(Map.of("x", x)), runtime.run(Map.of("x", x)), TWO_STEPS);
            }
        }
    }

    private static List<Long> shape(Model model) {
        return model.graph().inputs().get("x").shape().orElseThrow().stream()
                .map(dimension -> ((Dimension.Fixed) dimension).extent())
                .toList();
    }

    private static ModelProto withDomains(ModelProto model) {
        ModelProto.Builder changed = model.toBuilder();
        changed.addOpsetImport(
                OperatorSetIdProto.newBuilder().setDomain("com.microsoft").setVersion(1));
        for (NodeProto.Builder node : changed.getGraphBuilder().getNodeBuilderList()) {
            boolean channelsLast = node.getAttributeList().stream()
                    .anyMatch(attribute -> attribute.getName().equals("channels_last"));
            boolean ours = node.getOpType().matches("Q.*|.*Integer.*|Dynamic.*|Nhwc.*")
                    && !STANDARD.contains(node.getOpType());
            if (ours && (channelsLast || !node.getOpType().equals("QLinearConv"))) {
                node.setDomain("com.microsoft");
            }
        }
        return changed.build();
    }
}
