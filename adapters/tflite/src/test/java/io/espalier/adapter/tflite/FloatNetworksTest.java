package io.espalier.adapter.tflite;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.engine.verify.Verification;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.lite.schema.ActivationFunctionType;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.Padding;

/** Networks as converters write them, in float32: the lift agrees with the interpreter, and cuts are proved. */
class FloatNetworksTest {

    @TempDir
    Path folder;

    @Test
    @DisplayName("A plain CNN with a flattened head")
    void plain() {
        TestingTflite model = new TestingTflite(1);
        TestingLayers layers = new TestingLayers(model);
        int x = model.input(1, 16, 16, 3);
        int a = layers.conv(x, 12);
        int b = layers.pool(BuiltinOperator.MAX_POOL_2D, a, 2, 2, Padding.VALID);
        int c = layers.conv(b, 16, 3, 2, Padding.SAME, ActivationFunctionType.RELU6);
        int d = layers.reshape(c, 1, 4 * 4 * 16);
        int e = layers.dense(d, 20, ActivationFunctionType.RELU);
        int f = layers.softmax(layers.dense(e, 10, ActivationFunctionType.NONE));

        prune(model.write(folder, f), 1, 3);
    }

    @Test
    @DisplayName("Inverted residuals with depthwise convolutions, a mean and a concatenation")
    void mobile() {
        TestingTflite model = new TestingTflite(2);
        TestingLayers layers = new TestingLayers(model);
        int x = model.input(1, 17, 15, 3);
        int stem = layers.conv(x, 8, 3, 2, Padding.SAME, ActivationFunctionType.RELU6);
        int wide = layers.conv(stem, 24, 1, 1, Padding.SAME, ActivationFunctionType.RELU6);
        int deep = layers.depthwise(wide, 1, 3, 1, Padding.SAME, ActivationFunctionType.RELU6);
        int thin = layers.conv(deep, 8, 1, 1, Padding.SAME, ActivationFunctionType.NONE);
        int sum = layers.add(stem, thin, ActivationFunctionType.NONE);
        int twice = layers.depthwise(sum, 2, 3, 2, Padding.VALID, ActivationFunctionType.RELU_N1_TO_1);
        int branch = layers.conv(twice, 6, 1, 1, Padding.SAME, ActivationFunctionType.RELU);
        int joined = layers.concat(3, twice, branch);
        int pooled = layers.pool(BuiltinOperator.AVERAGE_POOL_2D, joined, 2, 1, Padding.SAME);
        int out = layers.dense(layers.mean(pooled), 5, ActivationFunctionType.NONE);

        prune(model.write(folder, out), 2, 3);
    }

    @Test
    @DisplayName("A score that is all but zero: kernels differ in how they get there, and that is no difference")
    void saturated() {
        TestingTflite model = new TestingTflite(4);
        TestingLayers layers = new TestingLayers(model);
        int features = layers.mean(layers.conv(model.input(1, 8, 8, 3), 8));
        int far = layers.add(
                layers.dense(features, 1, ActivationFunctionType.NONE),
                model.floats(new float[] {-60}, 1),
                ActivationFunctionType.NONE);
        int score = model.operator(BuiltinOperator.LOGISTIC, null, new int[] {far}, 1, 1);
        Path file = model.write(folder, layers.dense(features, 3, ActivationFunctionType.NONE), score);

        try (TestingPruner pruner = TestingPruner.open(file)) {
            Verification proof = pruner.prune(pruner.random(0.5, 4), folder.resolve("pruned.tflite"));

            assertThat(proof.outcome()).as("%s", proof).isEqualTo(Verification.Outcome.PROVED);
        }
    }

    private void prune(Path file, long seed, int groups) {
        try (TestingPruner pruner = TestingPruner.open(file)) {
            assertThat(pruner.parity(seed)).as("parity, seed %d", seed).isLessThan(1e-5);
            assertThat(pruner.groups()).hasSize(groups);

            Verification proof = pruner.prune(pruner.random(0.4, seed), folder.resolve("pruned.tflite"));

            assertThat(proof.reason()).isEmpty();
            assertThat(proof.outcome()).isEqualTo(Verification.Outcome.PROVED);
        }
    }
}
