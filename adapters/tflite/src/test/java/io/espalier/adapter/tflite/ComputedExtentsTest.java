package io.espalier.adapter.tflite;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.engine.verify.Verification;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.lite.schema.ActivationFunctionType;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.PackOptionsT;
import org.tensorflow.lite.schema.Padding;
import org.tensorflow.lite.schema.ShapeOptionsT;
import org.tensorflow.lite.schema.StridedSliceOptionsT;
import org.tensorflow.lite.schema.TensorType;
import org.tensorflow.lite.schema.TransposeConvOptionsT;

/** Extents that converters compute when the model runs because its batch is open. */
class ComputedExtentsTest {

    private static final long SEED = 5;

    @TempDir
    Path folder;

    @Test
    @DisplayName(
            "A transposed convolution whose output's extents are packed loses channels, and the packed number follows")
    void transposedConvolution() {
        TestingTflite model = new TestingTflite(SEED);
        TestingLayers layers = new TestingLayers(model);
        int x = layers.conv(model.input(1, 6, 6, 3), 8);
        int channels = model.scalar(6);
        int extents = extents(model, x, model.scalar(12), model.scalar(12), channels);
        int wide = model.operator(
                BuiltinOperator.TRANSPOSE_CONV,
                options(),
                new int[] {extents, model.weights(6, 2, 2, 8), x},
                1,
                12,
                12,
                6);
        Path file = model.write(folder, layers.conv(wide, 4));
        Path target = folder.resolve("pruned.tflite");

        try (TestingPruner pruner = TestingPruner.open(file)) {
            assertThat(pruner.parity(SEED)).isLessThan(1e-5);
            assertThat(pruner.groups()).hasSize(2);
            Verification proof = pruner.prune(pruner.random(0.5, SEED), target);
            assertThat(proof.outcome()).as("%s", proof).isEqualTo(Verification.Outcome.PROVED);
        }
        try (TestingPruner pruned = TestingPruner.open(target)) {
            assertThat(pruned.parity(SEED)).isLessThan(1e-5);
            assertThat(pruned.groups().stream().map(group -> group.channels().size()))
                    .containsExactlyInAnyOrder(4, 3);
        }
    }

    private static TransposeConvOptionsT options() {
        TransposeConvOptionsT options = new TransposeConvOptionsT();
        options.setPadding(Padding.SAME);
        options.setStrideH(2);
        options.setStrideW(2);
        options.setFusedActivationFunction(ActivationFunctionType.NONE);
        return options;
    }

    /** The batch of a value, and three numbers. */
    private static int extents(TestingTflite model, int x, int... numbers) {
        ShapeOptionsT type = new ShapeOptionsT();
        type.setOutType(TensorType.INT32);
        int shape = model.operator(BuiltinOperator.SHAPE, type, new int[] {x}, TensorType.INT32, 4);
        StridedSliceOptionsT first = new StridedSliceOptionsT();
        first.setShrinkAxisMask(1);
        int batch = model.operator(
                BuiltinOperator.STRIDED_SLICE,
                first,
                new int[] {shape, model.vector(0), model.vector(1), model.vector(1)},
                TensorType.INT32);
        PackOptionsT pack = new PackOptionsT();
        pack.setValuesCount(4);
        return model.operator(
                BuiltinOperator.PACK, pack, new int[] {batch, numbers[0], numbers[1], numbers[2]}, TensorType.INT32, 4);
    }
}
