package io.espalier.adapter.tflite;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.lite.schema.ActivationFunctionType;
import org.tensorflow.lite.schema.BuiltinOperator;
import org.tensorflow.lite.schema.Conv2DOptionsT;
import org.tensorflow.lite.schema.Padding;

/** Operators over images: the lifted graph computes what the interpreter computes. */
class ImageOperatorsTest {

    private static final byte NONE = ActivationFunctionType.NONE;

    @TempDir
    Path folder;

    /** A model with one operator in it. */
    private record Case(TestingTflite model, TestingLayers layers, int image) {

        int shape(int axis) {
            return model.shape(image)[axis];
        }
    }

    private static final Map<String, Function<Case, Integer>> CASES = new LinkedHashMap<>();

    static {
        for (byte padding : new byte[] {Padding.SAME, Padding.VALID}) {
            String name = " " + Padding.name(padding);
            CASES.put("CONV_2D" + name, c -> c.layers.conv(c.image, 5, 3, 2, padding, NONE));
            CASES.put("CONV_2D even" + name, c -> c.layers.conv(c.image, 5, 2, 1, padding, NONE));
            CASES.put("DEPTHWISE" + name, c -> c.layers.depthwise(c.image, 1, 3, 2, padding, NONE));
            CASES.put("DEPTHWISE x2" + name, c -> c.layers.depthwise(c.image, 2, 3, 1, padding, NONE));
            CASES.put(
                    "AVERAGE_POOL_2D" + name,
                    c -> c.layers.pool(BuiltinOperator.AVERAGE_POOL_2D, c.image, 2, 1, padding));
            CASES.put(
                    "AVERAGE_POOL_2D 3/2" + name,
                    c -> c.layers.pool(BuiltinOperator.AVERAGE_POOL_2D, c.image, 3, 2, padding));
            CASES.put("MAX_POOL_2D" + name, c -> c.layers.pool(BuiltinOperator.MAX_POOL_2D, c.image, 3, 2, padding));
        }
        for (int kernel = 2; kernel <= 3; kernel++) {
            for (int dilation = 2; dilation <= 4; dilation++) {
                int size = kernel;
                int apart = dilation;
                CASES.put("CONV_2D " + size + " dilated " + apart, c -> dilated(c, size, apart));
            }
        }
        for (byte activation = 1; activation <= 3; activation++) {
            byte fused = activation;
            CASES.put("ADD " + ActivationFunctionType.name(fused), c -> c.layers.add(c.image, c.image, fused));
        }
    }

    private static int dilated(Case c, int kernel, int dilation) {
        Conv2DOptionsT options = TestingLayers.convolution(1, Padding.SAME, NONE);
        options.setDilationHFactor(dilation);
        options.setDilationWFactor(dilation - 1);
        int weights = c.model.weights(5, kernel, kernel, c.shape(3));
        int[] operands = {c.image, weights, c.model.weights(5)};
        return c.model.operator(BuiltinOperator.CONV_2D, options, operands, c.shape(0), c.shape(1), c.shape(2), 5);
    }

    static Stream<String> cases() {
        return CASES.keySet().stream();
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("Agrees with the interpreter")
    @MethodSource("cases")
    void parity(String name) {
        TestingTflite model = new TestingTflite(name.hashCode());
        int image = model.input(1, 9, 8, 6);
        int out = CASES.get(name).apply(new Case(model, new TestingLayers(model), image));

        try (TestingPruner pruner = TestingPruner.open(model.write(folder, out))) {
            assertThat(pruner.graph().nodes()).noneMatch(node -> node.domain().equals("tflite"));
            assertThat(pruner.parity(3)).isLessThan(1e-5);
        }
    }
}
