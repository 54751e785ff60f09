package io.espalier.adapter.tflite;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.adapter.tflite.store.NativeModel;
import io.espalier.engine.verify.Verification;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.lite.schema.ActivationFunctionType;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.DepthwiseConv2DOptionsT;
import org.tensorflow.lite.schema.DequantizeOptionsT;
import org.tensorflow.lite.schema.FullyConnectedOptionsT;
import org.tensorflow.lite.schema.Padding;
import org.tensorflow.lite.schema.TensorT;
import org.tensorflow.lite.schema.TensorType;

/** Networks with half-precision and integer weights: scales and biases are cut with their channels, and it is proved. */
class QuantisedNetworksTest {

    @TempDir
    Path folder;

    private final TestingTflite model = new TestingTflite(4);
    private final TestingLayers layers = new TestingLayers(model);

    private int quantised(int value, double scale, long zero) {
        model.quantise(value, scale, zero);
        return value;
    }

    private int conv(int x, int channels, int kernel, boolean perChannel, double outScale) {
        int[] in = model.shape(x);
        int weights =
                model.quantised(perChannel ? 0 : -1, 0.02 / Math.sqrt(kernel * in[3]), channels, kernel, kernel, in[3]);
        int bias = model.quantisedBias(x, weights, channels);
        int y = model.operator(
                BuiltinOperator.CONV_2D,
                TestingLayers.convolution(1, Padding.SAME, ActivationFunctionType.RELU),
                new int[] {x, weights, bias},
                TensorType.INT8,
                in[0],
                in[1],
                in[2],
                channels);
        return quantised(y, outScale, -128);
    }

    private int depthwise(int x, double outScale) {
        int[] in = model.shape(x);
        int weights = model.quantised(3, 0.01, 1, 3, 3, in[3]);
        int bias = model.quantisedBias(x, weights, in[3]);
        DepthwiseConv2DOptionsT options = new DepthwiseConv2DOptionsT();
        options.setStrideH(1);
        options.setStrideW(1);
        options.setDilationHFactor(1);
        options.setDilationWFactor(1);
        options.setDepthMultiplier(1);
        int y = model.operator(
                BuiltinOperator.DEPTHWISE_CONV_2D, options, new int[] {x, weights, bias}, TensorType.INT8, in);
        return quantised(y, outScale, 3);
    }

    private int dense(int x, int units, double outScale) {
        int weights = model.quantised(-1, 0.01, units, model.shape(x)[1]);
        int bias = model.quantisedBias(x, weights, units);
        int y = model.operator(
                BuiltinOperator.FULLY_CONNECTED,
                new FullyConnectedOptionsT(),
                new int[] {x, weights, bias},
                TensorType.INT8,
                model.shape(x)[0],
                units);
        return quantised(y, outScale, -5);
    }

    private Path integers() {
        int x = quantised(model.input(TensorType.INT8, 1, 8, 8, 3), 0.02, -3);
        int a = conv(x, 12, 3, true, 0.02);
        int b = depthwise(a, 0.03);
        int c = conv(b, 16, 1, false, 0.03);
        int d = model.value(TensorType.INT8, 1, 1, 1, 16);
        model.operator(
                BuiltinOperator.AVERAGE_POOL_2D, "", TestingLayers.window(8, 8, Padding.VALID), new int[] {c}, d);
        quantised(d, 0.03, -128);
        int e = model.value(TensorType.INT8, 1, 16);
        model.operator(BuiltinOperator.RESHAPE, "", null, new int[] {d, model.vector(1, 16)}, e);
        quantised(e, 0.03, -128);
        return model.write(folder, dense(e, 7, 0.02));
    }

    @Test
    @DisplayName("Full int8: the proof is exact")
    void fullInteger() {
        Path target = folder.resolve("pruned.tflite");
        try (TestingPruner pruner = TestingPruner.open(integers())) {
            assertThat(pruner.parity(1)).isLessThan(0.05);
            assertThat(pruner.groups()).hasSize(2);

            Verification proof = pruner.prune(pruner.random(0.4, 3), target);

            assertThat(proof.reason()).isEmpty();
            assertThat(proof.outcome()).isEqualTo(Verification.Outcome.PROVED);
            assertThat(proof.maxAbsolute()).isZero();
        }
        NativeModel pruned = TestingFiles.decode(target);
        for (TensorT tensor : pruned.subgraphs().get(0).getTensors()) {
            int scales = tensor.getQuantization() == null
                    ? 0
                    : tensor.getQuantization().getScale().length;
            if (scales > 1) {
                assertThat(tensor.getShape()[tensor.getQuantization().getQuantizedDimension()])
                        .isEqualTo(scales);
                assertThat(tensor.getQuantization().getZeroPoint()).hasSize(scales);
            }
        }
    }

    @Test
    @DisplayName("Dynamic range: int8 weights, float activations")
    void dynamicRange() {
        int x = model.input(1, 8, 8, 3);
        int weights = model.quantised(0, 0.01, 16, 3, 3, 3);
        int a = layers.convolve(x, weights, model.weights(16), 1, Padding.SAME, ActivationFunctionType.RELU);
        int again = model.quantised(0, 0.005, 12, 3, 3, 16);
        int b = layers.convolve(a, again, model.weights(12), 1, Padding.SAME, ActivationFunctionType.RELU);
        int flat = layers.mean(b);
        int dense = model.quantised(-1, 0.01, 6, 12);
        int y = model.operator(
                BuiltinOperator.FULLY_CONNECTED,
                new FullyConnectedOptionsT(),
                new int[] {flat, dense, model.weights(6)},
                1,
                6);

        prune(model.write(folder, y), 2, 0.05);
    }

    @Test
    @DisplayName("Half precision: weights behind DEQUANTIZE")
    void half() {
        int x = model.input(1, 8, 8, 3);
        int a = layers.convolve(
                x, dequantised(16, 3, 3, 3), dequantised(16), 1, Padding.SAME, ActivationFunctionType.RELU);
        int b = layers.convolve(
                a, dequantised(8, 1, 1, 16), dequantised(8), 1, Padding.SAME, ActivationFunctionType.RELU);
        int c = layers.dense(layers.mean(b), 4, ActivationFunctionType.NONE);

        prune(model.write(folder, c), 2, 1e-4);
    }

    private int dequantised(int... shape) {
        int half = model.halves(shape);
        return model.operator(BuiltinOperator.DEQUANTIZE, new DequantizeOptionsT(), new int[] {half}, shape);
    }

    @Test
    @DisplayName("Half precision: one bias read by two layers that are cut differently")
    void sharedHalf() {
        int x = model.input(1, 8, 8, 3);
        int bias = dequantised(8);
        int a = layers.convolve(x, dequantised(8, 3, 3, 3), bias, 1, Padding.SAME, ActivationFunctionType.RELU);
        int b = layers.convolve(a, dequantised(8, 3, 3, 8), bias, 1, Padding.SAME, ActivationFunctionType.RELU);
        int c = layers.dense(layers.mean(b), 4, ActivationFunctionType.NONE);

        prune(model.write(folder, c), 2, 1e-4);
    }

    private void prune(Path file, int groups, double agreement) {
        try (TestingPruner pruner = TestingPruner.open(file)) {
            assertThat(pruner.parity(1)).isLessThan(agreement);
            assertThat(pruner.groups()).hasSize(groups);

            Verification proof = pruner.prune(pruner.random(0.4, 3), folder.resolve("pruned.tflite"));

            assertThat(proof.reason()).isEmpty();
            assertThat(proof.outcome()).isEqualTo(Verification.Outcome.PROVED);
        }
    }
}
