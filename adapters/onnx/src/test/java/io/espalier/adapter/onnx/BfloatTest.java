package io.espalier.adapter.onnx;

import static io.espalier.adapter.onnx.TestingProto.graph;
import static io.espalier.adapter.onnx.TestingProto.integer;
import static io.espalier.adapter.onnx.TestingProto.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.execution.ExecutionException;
import io.espalier.spi.execution.GraphExecutor.Settings;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models in bfloat16, for which the runtime has no kernels: they run in single precision, and stay what they are in files. */
class BfloatTest {

    private static final int BFLOAT16 = 16;
    private static final int FLOAT = 1;
    private static final long SEED = 5;

    @TempDir
    private Path folder;

    /** Weights large and small, a constant node, a cast, a branch, and bfloat16 going in and coming out. */
    private Model model() {
        TestingProto yes = TestingProto.body().node("Conv", "images w", "one").output("one");
        TestingProto no = TestingProto.body().node("Neg", "images", "two").output("two");
        Path file = TestingProto.opset(17)
                .input("x", DataType.BFLOAT16, -1, 2, 6, 6)
                .input("flag", DataType.BOOL)
                .constant("w", random(DataType.BFLOAT16, 2, 2, 1, 1))
                .constant("large", random(DataType.BFLOAT16, 2, 6, 64, 64))
                .node("Constant", "", "half", value("value", Tensors.fromDoubles(DataType.BFLOAT16, List.of(), 0.5)))
                .node("Mul", "x half", "images")
                .node("If", "flag", "chosen", graph("then_branch", yes), graph("else_branch", no))
                .node("ReduceMax", "large", "scale", integer("keepdims", 0))
                .node("Mul", "chosen scale", "scaled")
                .node("Cast", "scaled", "real", integer("to", FLOAT))
                .node("Cast", "real", "back", integer("to", BFLOAT16))
                .node("Relu", "back", "y")
                .output("y", DataType.BFLOAT16)
                .save(folder.resolve("bfloat.onnx"));
        return new OnnxAdapter().open(file);
    }

    private static Tensor random(DataType type, long... shape) {
        return TestingModels.random(type, Tensors.shape(shape), new Random(SEED));
    }

    private static double[] relu(double scale, Tensor x) {
        double[] values = Tensors.toDoubles(x);
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.max(0, values[i] * scale);
        }
        return values;
    }

    private static double largest(Tensor tensor) {
        double[] largest = {Double.NEGATIVE_INFINITY};
        Tensors.forEach(tensor, (index, value) -> largest[0] = Math.max(largest[0], value));
        return largest[0];
    }

    @Test
    void fileAndGraphComputeTheSameInSinglePrecision() {
        Tensor x = random(DataType.BFLOAT16, 3, 2, 6, 6);
        double scale = -0.5 * largest(random(DataType.BFLOAT16, 2, 6, 64, 64));
        Tensor flag = Tensors.of(DataType.BOOL, List.of(), ByteBuffer.wrap(new byte[1]));
        Map<String, Tensor> inputs = Map.of("x", x, "flag", flag);
        try (Model model = model();
                Runner file = model.runner();
                Runner graph = new OnnxExecutor().prepare(model.graph(), Settings.DEFAULT)) {
            Tensor y = file.run(inputs).get("y");
            assertThat(y.type()).isEqualTo(DataType.FLOAT32);
            assertThat(Tensors.toDoubles(y)).usingComparatorWithPrecision(1e-5).containsExactly(relu(scale, x));
            assertThat(Tensors.toDoubles(graph.run(inputs).get("y"))).containsExactly(Tensors.toDoubles(y));
        }
    }

    @Test
    void editedFilesAndPartsRunAsWell() {
        Tensor doubled = Tensors.fromDoubles(DataType.BFLOAT16, List.of(2L, 2L, 1L, 1L), 2, 0, 0, 2);
        Tensor x = random(DataType.BFLOAT16, 1, 2, 6, 6);
        Tensor flag = Tensors.of(DataType.BOOL, List.of(), ByteBuffer.wrap(new byte[] {1}));
        ValueType images = new ValueType(
                DataType.BFLOAT16,
                Optional.of(List.<Dimension>of(
                        new Dimension.Unknown(),
                        new Dimension.Unknown(),
                        new Dimension.Unknown(),
                        new Dimension.Unknown())));
        try (Model model = model();
                Runner edited = model.runner(List.of(new Edit.SetConstant("w", doubled)))
                        .orElseThrow();
                Runner part =
                        model.runner(Map.of("chosen", images), List.of("y")).orElseThrow()) {
            double scale = largest(random(DataType.BFLOAT16, 2, 6, 64, 64));
            Tensor y = edited.run(Map.of("x", x, "flag", flag)).get("y");
            assertThat(Tensors.toDoubles(y)).usingComparatorWithPrecision(1e-5).containsExactly(relu(scale, x));
            Tensor last = part.run(Map.of("chosen", x)).get("y");
            assertThat(Tensors.toDoubles(last))
                    .usingComparatorWithPrecision(1e-5)
                    .containsExactly(relu(scale, x));
        }
    }

    @Test
    void whatIsWrittenStaysInBfloat16() {
        Path target = folder.resolve("written.onnx");
        try (Model model = model()) {
            model.write(target, List.of(), Map.of());
            try (Model written = new OnnxAdapter().open(target)) {
                assertThat(written.graph().constants().get("large").type()).isEqualTo(DataType.BFLOAT16);
                assertThat(written.graph().inputs()).isEqualTo(model.graph().inputs());
            }
        }
    }

    @Test
    void whatHasNoBfloat16IsRefusedForItsOwnReason() {
        Path file = TestingProto.opset(17)
                .input("x", DataType.FLOAT32, 2)
                .node("Wonder", "x", "y")
                .output("y", DataType.FLOAT32)
                .save(folder.resolve("wonder.onnx"));
        try (Model model = new OnnxAdapter().open(file)) {
            assertThatThrownBy(model::runner)
                    .isInstanceOf(ExecutionException.class)
                    .hasMessageContaining("Wonder");
        }
    }
}
