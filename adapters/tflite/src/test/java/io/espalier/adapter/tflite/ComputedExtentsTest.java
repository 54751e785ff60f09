package io.espalier.adapter.tflite;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.engine.verify.Verification;
import io.espalier.graph.cost.CostModel;
import io.espalier.graph.operator.Operators;
import io.espalier.spi.graph.Dimension;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.lite.schema.ActivationFunctionType;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.CastOptionsT;
import org.tensorflow.lite.schema.ConcatenationOptionsT;
import org.tensorflow.lite.schema.DivOptionsT;
import org.tensorflow.lite.schema.GatherOptionsT;
import org.tensorflow.lite.schema.PackOptionsT;
import org.tensorflow.lite.schema.Padding;
import org.tensorflow.lite.schema.ReducerOptionsT;
import org.tensorflow.lite.schema.ShapeOptionsT;
import org.tensorflow.lite.schema.SliceOptionsT;
import org.tensorflow.lite.schema.StridedSliceOptionsT;
import org.tensorflow.lite.schema.TensorType;
import org.tensorflow.lite.schema.TransposeConvOptionsT;

/** Extents that converters compute when the model runs because its batch is open. */
class ComputedExtentsTest {

    private static final long SEED = 5;
    private static final int SEEDS = 6;

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

    @ParameterizedTest(name = "{0}, batch open: {1}")
    @DisplayName("Whatever a Reshape computes its extents with, channels go and the batch stays as open as it was")
    @MethodSource("targets")
    void reshape(Target target, boolean open) {
        for (long seed = 0; seed < SEEDS; seed++) {
            TestingTflite model = new TestingTflite(seed);
            TestingLayers layers = new TestingLayers(model);
            int channels = 3 + (int) (seed % 5);
            int x = layers.conv(model.input(1, 5, 4, 2), channels);
            int flat = regrouped(model, x, target, 20 * channels);
            int y = layers.dense(flat, 6, ActivationFunctionType.RELU);
            int scaled = seed % 2 == 0
                    ? y
                    : model.operator(
                            BuiltinOperator.DIV, new DivOptionsT(), new int[] {y, rootOfWidth(model, y)}, 1, 6);
            int z = layers.dense(scaled, 3, ActivationFunctionType.NONE);
            prove(model, z, open, target + ", seed " + seed);
        }
    }

    static Stream<Arguments> targets() {
        return Stream.of(Target.values())
                .flatMap(target -> Stream.of(true, false).map(open -> Arguments.of(target, open)));
    }

    @ParameterizedTest(name = "batch open: {0}")
    @DisplayName("Two readers of one computed target that are cut differently")
    @ValueSource(booleans = {true, false})
    void shared(boolean open) {
        TestingTflite model = new TestingTflite(SEED);
        TestingLayers layers = new TestingLayers(model);
        int x = model.input(1, 4, 4, 3);
        int one = layers.conv(x, 8);
        int other = layers.conv(x, 8);
        int target = Target.PACKED.extents(model, one, 128);
        int left = model.operator(BuiltinOperator.RESHAPE, null, new int[] {one, target}, 1, 128);
        int right = model.operator(BuiltinOperator.RESHAPE, null, new int[] {other, target}, 1, 128);
        int joined = layers.concat(1, left, right);

        prove(model, layers.dense(joined, 4, ActivationFunctionType.NONE), open, "shared");
    }

    @Test
    @DisplayName("Images of any size: two sizes are tried, which are those of images")
    void images() {
        TestingTflite model = new TestingTflite(SEED);
        TestingLayers layers = new TestingLayers(model);
        int a = layers.conv(model.input(1, 1, 1, 3), 8);
        int b = layers.depthwise(a, 1, 3, 2, Padding.SAME, ActivationFunctionType.RELU);
        int c = layers.dense(layers.mean(layers.conv(b, 6)), 4, ActivationFunctionType.NONE);
        model.open(true);
        Path file = model.write(folder, c);

        try (TestingPruner pruner = TestingPruner.open(file)) {
            assertThat(pruner.shapes.require("input0").stream().map(Object::toString))
                    .containsExactly("batch", "height", "width", "3");
            Verification proof = pruner.prune(pruner.random(0.5, SEED), folder.resolve("pruned.tflite"));
            assertThat(proof.outcome()).as("%s", proof).isEqualTo(Verification.Outcome.PROVED);
            assertThat(proof.inputs()).isEqualTo(6);
            long smallest = 32L * 32 * 3 * 3 * 3;
            assertThat(CostModel.of(pruner.graph(), pruner.shapes, Operators.standard(), Map.of())
                            .total()
                            .macs())
                    .isGreaterThan(smallest);
        }
    }

    private void prove(TestingTflite model, int output, boolean open, String what) {
        if (open) {
            model.open(false);
        }
        Path file = model.write(folder, output);
        Path target = folder.resolve("pruned.tflite");
        try (TestingPruner pruner = TestingPruner.open(file)) {
            assertThat(pruner.groups()).as(what).isNotEmpty();
            Verification proof = pruner.prune(pruner.random(0.5, SEED), target);
            assertThat(proof.outcome()).as("%s: %s", what, proof).isEqualTo(Verification.Outcome.PROVED);
            assertThat(proof.inputs()).as(what).isEqualTo(open ? 6 : 3);
        }
        try (TestingPruner pruned = TestingPruner.open(target)) {
            long batches = pruned.graph().inputs().values().iterator().next().shape().orElseThrow().stream()
                    .filter(Dimension.Symbol.class::isInstance)
                    .count();
            assertThat(batches).as(what).isEqualTo(open ? 1 : 0);
        }
    }

    /** The ways in which converters compute the extents of a flattened value. */
    private enum Target {
        PACKED {
            @Override
            int extents(TestingTflite model, int x, int width) {
                PackOptionsT pack = new PackOptionsT();
                pack.setValuesCount(2);
                return model.operator(
                        BuiltinOperator.PACK,
                        pack,
                        new int[] {batch(model, x), model.scalar(width)},
                        TensorType.INT32,
                        2);
            }
        },
        JOINED {
            @Override
            int extents(TestingTflite model, int x, int width) {
                int first = model.operator(
                        BuiltinOperator.GATHER,
                        new GatherOptionsT(),
                        new int[] {shape(model, x), model.vector(0)},
                        TensorType.INT32,
                        1);
                return model.operator(
                        BuiltinOperator.CONCATENATION,
                        new ConcatenationOptionsT(),
                        new int[] {first, model.vector(width)},
                        TensorType.INT32,
                        2);
            }
        },
        SLICED {
            @Override
            int extents(TestingTflite model, int x, int width) {
                int first = model.operator(
                        BuiltinOperator.SLICE,
                        new SliceOptionsT(),
                        new int[] {shape(model, x), model.vector(0), model.vector(1)},
                        TensorType.INT32,
                        1);
                return model.operator(
                        BuiltinOperator.CONCATENATION,
                        new ConcatenationOptionsT(),
                        new int[] {first, model.vector(width)},
                        TensorType.INT32,
                        2);
            }
        },
        MULTIPLIED {
            @Override
            int extents(TestingTflite model, int x, int width) {
                int rest = model.operator(
                        BuiltinOperator.GATHER,
                        new GatherOptionsT(),
                        new int[] {shape(model, x), model.vector(1, 2, 3)},
                        TensorType.INT32,
                        3);
                int product = model.operator(
                        BuiltinOperator.REDUCE_PROD,
                        new ReducerOptionsT(),
                        new int[] {rest, model.vector(0)},
                        TensorType.INT32);
                PackOptionsT pack = new PackOptionsT();
                pack.setValuesCount(2);
                return model.operator(
                        BuiltinOperator.PACK, pack, new int[] {batch(model, x), product}, TensorType.INT32, 2);
            }
        };

        abstract int extents(TestingTflite model, int x, int width);
    }

    private static int regrouped(TestingTflite model, int x, Target target, int width) {
        return model.operator(BuiltinOperator.RESHAPE, null, new int[] {x, target.extents(model, x, width)}, 1, width);
    }

    private static int shape(TestingTflite model, int x) {
        ShapeOptionsT type = new ShapeOptionsT();
        type.setOutType(TensorType.INT32);
        return model.operator(BuiltinOperator.SHAPE, type, new int[] {x}, TensorType.INT32, model.shape(x).length);
    }

    private static int batch(TestingTflite model, int x) {
        return extent(model, x, 0);
    }

    private static int extent(TestingTflite model, int x, int axis) {
        StridedSliceOptionsT one = new StridedSliceOptionsT();
        one.setShrinkAxisMask(1);
        return model.operator(
                BuiltinOperator.STRIDED_SLICE,
                one,
                new int[] {shape(model, x), model.vector(axis), model.vector(axis + 1), model.vector(1)},
                TensorType.INT32);
    }

    /** A scale that must stay what it was although the width that it is computed of shrinks. */
    private static int rootOfWidth(TestingTflite model, int x) {
        CastOptionsT cast = new CastOptionsT();
        cast.setInDataType(TensorType.INT32);
        cast.setOutDataType(TensorType.FLOAT32);
        int width = model.operator(BuiltinOperator.CAST, cast, new int[] {extent(model, x, 1)});
        return model.operator(BuiltinOperator.SQRT, null, new int[] {width});
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
        PackOptionsT pack = new PackOptionsT();
        pack.setValuesCount(4);
        int[] packed = {batch(model, x), numbers[0], numbers[1], numbers[2]};
        return model.operator(BuiltinOperator.PACK, pack, packed, TensorType.INT32, 4);
    }
}
