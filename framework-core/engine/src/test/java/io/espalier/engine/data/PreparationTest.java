package io.espalier.engine.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.spi.RunContext;
import io.espalier.spi.data.BatchOptions;
import io.espalier.spi.data.Batches;
import io.espalier.spi.data.Dataset;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.TestingRunContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PreparationTest {

    private static final int EXAMPLES = 300;
    private static final int PIXELS = 50;

    static LongStream seeds() {
        return LongStream.range(0, 8);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void saysThatRawPixelsMeetPreparedOnes(long seed) {
        assertThat(note(seed, raw -> raw, raw -> (raw / 255 - 0.286) / 0.353))
                .as("seed %d", seed)
                .hasValueSatisfying(sentence -> assertThat(sentence)
                        .startsWith("The training data and the data that measures are prepared differently: 'image'")
                        .contains("--data-option"));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void saysThatScaledPixelsMeetNormalisedOnes(long seed) {
        assertThat(note(seed, raw -> raw / 255, raw -> (raw / 255 - 0.286) / 0.353))
                .as("seed %d", seed)
                .isPresent();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void saysNothingOfOtherExamplesOfOnePreparation(long seed) {
        assertThat(note(seed, raw -> raw / 255, raw -> raw / 255))
                .as("seed %d", seed)
                .isEmpty();
        assertThat(note(seed, raw -> raw / 255, raw -> 0.8 * raw / 255))
                .as("seed %d, darker", seed)
                .isEmpty();
    }

    private static Optional<String> note(long seed, DoubleUnaryOperator one, DoubleUnaryOperator other) {
        return Preparation.note(
                "The training data", batches(2 * seed, one), "the data that measures", batches(2 * seed + 1, other));
    }

    /** Two thirds of the pixels are black, as in drawings, and classes stand together. */
    private static Batches batches(long seed, DoubleUnaryOperator preparation) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] pixels = new float[EXAMPLES * PIXELS];
        for (int i = 0; i < pixels.length; i++) {
            double bright = i < pixels.length / 2 ? 120 : 255;
            pixels[i] = (float) preparation.applyAsDouble(random.nextInt(3) < 2 ? 0 : random.nextInt((int) bright));
        }
        RunContext context = new TestingRunContext(seed);
        return Batches.of(
                graph(),
                new Images(Tensors.floats(List.of((long) EXAMPLES, (long) PIXELS), pixels)),
                BatchOptions.of(64),
                context);
    }

    private record Images(Tensor images) implements Dataset {

        @Override
        public long size() {
            return EXAMPLES;
        }

        @Override
        public Map<String, Tensor> arrays() {
            return Map.of("image", images);
        }
    }

    private static Graph graph() {
        ValueType type = new ValueType(
                DataType.FLOAT32, Optional.of(List.of(new Dimension.Symbol("n"), new Dimension.Fixed(PIXELS))));
        Node node = Node.of("Relu", List.of("image"), List.of("result"), Map.of());
        return new Graph("images", Map.of("image", type), List.of("result"), List.of(node), Map.of(), Map.of());
    }
}
