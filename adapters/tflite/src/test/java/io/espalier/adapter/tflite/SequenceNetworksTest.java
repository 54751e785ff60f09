package io.espalier.adapter.tflite;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.verify.Verification;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.lite.schema.ActivationFunctionType;
import org.tensorflow.lite.schema.BatchMatMulOptionsT;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.FullyConnectedOptionsT;
import org.tensorflow.lite.schema.GeluOptionsT;
import org.tensorflow.lite.schema.MulOptionsT;
import org.tensorflow.lite.schema.ReducerOptionsT;
import org.tensorflow.lite.schema.SplitOptionsT;
import org.tensorflow.lite.schema.SquaredDifferenceOptionsT;
import org.tensorflow.lite.schema.SubOptionsT;
import org.tensorflow.lite.schema.TensorType;
import org.tensorflow.lite.schema.TransposeOptionsT;
import org.tensorflow.lite.schema.UnidirectionalSequenceLSTMOptionsT;

/** Networks over sequences: recurrent ones and transformers. */
class SequenceNetworksTest {

    private static final int F32 = TensorType.FLOAT32;

    @TempDir
    Path folder;

    private final TestingTflite model = new TestingTflite(8);
    private final TestingLayers layers = new TestingLayers(model);

    private int lstm(int x, int units) {
        int[] in = model.shape(x);
        int[] operands = new int[24];
        java.util.Arrays.fill(operands, -1);
        operands[0] = x;
        for (int gate = 0; gate < 4; gate++) {
            operands[1 + gate] = model.weights(units, in[2]);
            operands[5 + gate] = model.weights(units, units);
            operands[12 + gate] = model.weights(units);
        }
        for (int state = 18; state < 20; state++) {
            operands[state] = model.value((byte) F32, in[0], units);
            model.tensor(operands[state]).setIsVariable(true);
        }
        UnidirectionalSequenceLSTMOptionsT options = new UnidirectionalSequenceLSTMOptionsT();
        options.setFusedActivationFunction(ActivationFunctionType.TANH);
        return model.operator(BuiltinOperator.UNIDIRECTIONAL_SEQUENCE_LSTM, options, operands, in[0], in[1], units);
    }

    @Test
    @DisplayName("Two stacked LSTMs: every gate is cut, and so are the states")
    void recurrent() {
        int x = model.input(1, 6, 5);
        int sequence = lstm(lstm(x, 12), 10);
        int flat = layers.reshape(sequence, 6, 10);
        Path file = model.write(folder, layers.dense(flat, 4, ActivationFunctionType.NONE));

        prune(file, 2);
    }

    private int project(int x, int units) {
        int[] in = model.shape(x);
        FullyConnectedOptionsT options = new FullyConnectedOptionsT();
        options.setKeepNumDims(true);
        int bias = model.weights(units);
        return model.operator(
                BuiltinOperator.FULLY_CONNECTED,
                options,
                new int[] {x, model.weights(units, in[2]), bias},
                in[0],
                in[1],
                units);
    }

    private int heads(int x, int heads) {
        int[] in = model.shape(x);
        int split = layers.reshape(x, in[0], in[1], heads, in[2] / heads);
        return model.operator(
                BuiltinOperator.TRANSPOSE,
                new TransposeOptionsT(),
                new int[] {split, model.vector(0, 2, 1, 3)},
                in[0],
                heads,
                in[1],
                in[2] / heads);
    }

    private int matmul(int a, int b, boolean adjoint, int... shape) {
        BatchMatMulOptionsT options = new BatchMatMulOptionsT();
        options.setAdjY(adjoint);
        return model.operator(BuiltinOperator.BATCH_MATMUL, options, new int[] {a, b}, shape);
    }

    private int mean(int x) {
        ReducerOptionsT options = new ReducerOptionsT();
        options.setKeepDims(true);
        int[] in = model.shape(x);
        return model.operator(BuiltinOperator.MEAN, options, new int[] {x, model.vector(-1)}, in[0], in[1], 1);
    }

    private int normalise(int x) {
        int[] in = model.shape(x);
        int mean = mean(x);
        int squares = model.operator(
                BuiltinOperator.SQUARED_DIFFERENCE, new SquaredDifferenceOptionsT(), new int[] {x, mean}, in);
        int variance = mean(squares);
        int safe = layers.add(variance, model.floats(new float[] {1e-3f}, 1), ActivationFunctionType.NONE);
        int factor = model.operator(BuiltinOperator.RSQRT, null, new int[] {safe}, in[0], in[1], 1);
        int centred = model.operator(BuiltinOperator.SUB, new SubOptionsT(), new int[] {x, mean}, in);
        int scaled = model.operator(BuiltinOperator.MUL, new MulOptionsT(), new int[] {centred, factor}, in);
        int weighted =
                model.operator(BuiltinOperator.MUL, new MulOptionsT(), new int[] {scaled, model.weights(in[2])}, in);
        return layers.add(weighted, model.weights(in[2]), ActivationFunctionType.NONE);
    }

    @Test
    @DisplayName("A transformer block: heads, hidden units, and the width that is normalised")
    void transformer() {
        int x = project(model.input(2, 5, 7), 24);
        int q = heads(project(x, 24), 4);
        int k = heads(project(x, 24), 4);
        int v = heads(project(x, 24), 4);
        int attention = layers.softmax(matmul(q, k, true, 2, 4, 5, 5));
        int mixed = matmul(attention, v, false, 2, 4, 5, 6);
        int turned = model.operator(
                BuiltinOperator.TRANSPOSE,
                new TransposeOptionsT(),
                new int[] {mixed, model.vector(0, 2, 1, 3)},
                2,
                5,
                4,
                6);
        int joined = project(layers.reshape(turned, 2, 5, 24), 24);
        int first = normalise(layers.add(x, joined, ActivationFunctionType.NONE));
        int hidden = project(first, 30);
        int active = model.operator(BuiltinOperator.GELU, new GeluOptionsT(), new int[] {hidden}, 2, 5, 30);
        int second = normalise(layers.add(first, project(active, 24), ActivationFunctionType.NONE));
        Path file = model.write(folder, project(second, 3));

        prune(file, 3);
    }

    @Test
    @DisplayName("A split into equal parts becomes one into unequal parts")
    void unequalParts() {
        int wide = layers.dense(model.input(1, 5), 12, ActivationFunctionType.RELU);
        SplitOptionsT options = new SplitOptionsT();
        options.setNumSplits(2);
        int a = model.value((byte) F32, 1, 6);
        int b = model.value((byte) F32, 1, 6);
        model.operator(BuiltinOperator.SPLIT, "", options, new int[] {model.scalar(1), wide}, a, b);
        int y = layers.add(
                layers.dense(a, 4, ActivationFunctionType.NONE),
                layers.dense(b, 4, ActivationFunctionType.NONE),
                ActivationFunctionType.NONE);

        Path target = folder.resolve("pruned.tflite");
        try (TestingPruner pruner = TestingPruner.open(model.write(folder, y))) {
            assertThat(pruner.groups()).hasSize(2);
            Removal removal = Removal.of(pruner.groups().get(0).channels().subList(1, 4));

            assertThat(pruner.prune(removal, target).reason()).isEmpty();
        }
        assertThat(TestingFiles.operators(target)).contains("SPLIT_V").doesNotContain("SPLIT");
    }

    private void prune(Path file, int groups) {
        try (TestingPruner pruner = TestingPruner.open(file)) {
            assertThat(pruner.graph().nodes()).noneMatch(node -> node.domain().equals("tflite"));
            assertThat(pruner.parity(1)).isLessThan(1e-4);
            assertThat(pruner.groups()).hasSize(groups);

            Verification proof = pruner.prune(pruner.random(0.4, 3), folder.resolve("pruned.tflite"));

            assertThat(proof.reason()).isEmpty();
            assertThat(proof.outcome()).isEqualTo(Verification.Outcome.PROVED);
        }
    }
}
