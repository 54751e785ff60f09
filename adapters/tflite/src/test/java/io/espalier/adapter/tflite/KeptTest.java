package io.espalier.adapter.tflite;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.adapter.tflite.store.NativeModel;
import io.espalier.engine.coupling.channel.Blocked;
import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.verify.Verification;
import io.espalier.spi.adapter.Model;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.lite.schema.ActivationFunctionType;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.Padding;
import org.tensorflow.lite.schema.TensorType;

/** What a cut does not name stays as it is. */
class KeptTest {

    @TempDir
    Path folder;

    private final TestingTflite model = new TestingTflite(31);
    private final TestingLayers layers = new TestingLayers(model);

    @Test
    @DisplayName("Further graphs, signatures, metadata, and a payload that another graph shares")
    void furtherGraphs() {
        model.metadata("notes", "kept".getBytes(StandardCharsets.UTF_8));
        int weights = model.weights(8, 3, 3, 3);
        model.furtherGraph("other", (int) model.tensor(weights).getBuffer(), 8, 3, 3, 3);
        int a = layers.convolve(
                model.input(1, 6, 6, 3), weights, model.weights(8), 1, Padding.SAME, ActivationFunctionType.RELU);
        Path file = model.write(folder, layers.dense(layers.mean(a), 4, ActivationFunctionType.NONE));
        NativeModel before = TestingFiles.decode(file);
        Path target = folder.resolve("pruned.tflite");

        prove(file, target);

        NativeModel after = TestingFiles.decode(target);
        assertThat(after.subgraphs()).hasSize(2);
        assertThat(payload(after, 1, 0)).isEqualTo(payload(before, 1, 0));
        assertThat(after.subgraphs().get(1).getTensors()[0].getShape()).containsExactly(8, 3, 3, 3);
        assertThat(after.signatures().get(0).getSignatureKey()).isEqualTo("serving_default");
        assertThat(after.metadata().get(0).getName()).isEqualTo("notes");
        assertThat(TestingFiles.unaligned(target)).isEmpty();
    }

    private static byte[] payload(NativeModel model, int graph, int tensor) {
        int buffer = (int) model.subgraphs().get(graph).getTensors()[tensor].getBuffer();
        java.nio.ByteBuffer bytes = model.buffers().get(buffer).bytes();
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        return copy;
    }

    @Test
    @DisplayName("Two biases in one buffer, cut differently")
    void sharedBuffer() {
        int first = model.weights(8);
        int second = model.add(
                "second", TensorType.FLOAT32, (int) model.tensor(first).getBuffer(), 8);
        int a = layers.convolve(
                model.input(1, 6, 6, 3),
                model.weights(8, 3, 3, 3),
                first,
                1,
                Padding.SAME,
                ActivationFunctionType.RELU);
        int b = layers.convolve(a, model.weights(8, 3, 3, 8), second, 1, Padding.SAME, ActivationFunctionType.RELU);
        Path file = model.write(folder, layers.dense(layers.mean(b), 4, ActivationFunctionType.NONE));

        prove(file, folder.resolve("pruned.tflite"));
    }

    @Test
    @DisplayName("One bias read by two layers, cut for one of them")
    void sharedTensor() {
        int bias = model.weights(8);
        int a = layers.convolve(
                model.input(1, 6, 6, 3), model.weights(8, 3, 3, 3), bias, 1, Padding.SAME, ActivationFunctionType.RELU);
        int b = layers.convolve(a, model.weights(8, 3, 3, 8), bias, 1, Padding.SAME, ActivationFunctionType.RELU);
        Path file = model.write(folder, layers.dense(layers.mean(b), 4, ActivationFunctionType.NONE));
        try (TestingPruner pruner = TestingPruner.open(file)) {
            Removal removal = Removal.of(pruner.groups().get(1).channels().subList(2, 5));

            assertThat(pruner.prune(removal, folder.resolve("pruned.tflite")).reason())
                    .isEmpty();
        }
    }

    @Test
    @DisplayName("A custom operator is a barrier that says why; the file is kept as it is")
    void customOperator() throws IOException {
        int a = layers.conv(model.input(1, 6, 6, 3), 8);
        int b = model.value(TensorType.FLOAT32, 1, 6, 6, 8);
        model.operator(BuiltinOperator.CUSTOM, "Mystery", null, new int[] {a}, b)
                .setCustomOptions(new int[] {7, 200});
        Path file = model.write(folder, layers.conv(b, 4));
        Path copy = folder.resolve("copy.tflite");
        try (Model open = SharedInterpreters.adapter().open(file);
                TestingPruner pruner = TestingPruner.open(file)) {
            assertThat(pruner.groups()).isEmpty();
            assertThat(Blocked.in(pruner.coupling))
                    .anySatisfy(each -> assertThat(each.barrier().reason()).contains("nobody has taught it"));
            open.write(copy, List.of(), Map.of());
        }
        NativeModel written = TestingFiles.decode(copy);
        assertThat(TestingFiles.operators(copy)).containsExactly("CONV_2D", "Mystery", "CONV_2D");
        assertThat(written.subgraphs().get(0).getOperators()[1].getCustomOptions())
                .containsExactly(7, 200);
        assertThat(Files.size(copy)).isPositive();
    }

    private void prove(Path file, Path target) {
        try (TestingPruner pruner = TestingPruner.open(file)) {
            Verification proof = pruner.prune(pruner.random(0.4, 3), target);

            assertThat(proof.reason()).isEmpty();
            assertThat(proof.outcome()).isEqualTo(Verification.Outcome.PROVED);
        }
    }
}
