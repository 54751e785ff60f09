package io.espalier.adapter.tflite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.engine.verify.Verification;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Dimension;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Small files as people have them. */
class FieldFilesTest {

    private static final int SEEDS = 5;

    @TempDir
    Path folder;

    @ParameterizedTest(name = "{0}")
    @DisplayName("A network with an open batch loses channels and runs with any batch")
    @ValueSource(strings = {"flatten-open-batch", "reshape-open-batch", "dense-over-time-open-batch", "flat-siamese"})
    void openBatch(String name) throws URISyntaxException {
        for (int seed = 0; seed < SEEDS; seed++) {
            Path target = folder.resolve("pruned.tflite");
            try (TestingPruner pruner = TestingPruner.open(file(name))) {
                Verification proof = pruner.prune(pruner.random(0.5, seed), target);
                assertThat(proof.outcome()).as("seed %d: %s", seed, proof).isEqualTo(Verification.Outcome.PROVED);
                assertThat(proof.inputs()).as("two batches").isEqualTo(6);
            }
            try (TestingPruner pruned = TestingPruner.open(target);
                    Runner runner = pruned.model.runner()) {
                for (int batch : new int[] {1, 4}) {
                    Tensor result = runner.run(inputs(pruned.graph().inputs(), batch))
                            .values()
                            .iterator()
                            .next();
                    assertThat(result.shape().get(0)).as("seed %d", seed).isEqualTo(batch);
                }
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("Channels pass dilated convolutions over time")
    @ValueSource(strings = "dilated-conv1d")
    void dilated(String name) throws URISyntaxException {
        try (TestingPruner pruner = TestingPruner.open(file(name))) {
            assertThat(pruner.groups()).hasSize(2);
            Verification proof = pruner.prune(pruner.random(0.5, 1), folder.resolve("pruned.tflite"));
            assertThat(proof.outcome()).as("%s", proof).isEqualTo(Verification.Outcome.PROVED);
        }
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("What is not supported is named for what it is when the file is opened")
    @CsvSource({
        "flex-lstm, FlexTensorListReserve",
        "flex-lstm, with a fixed batch",
        "int16x8, 16-bit activations",
        "int16x8, CONV_2D"
    })
    void named(String name, String word) {
        assertThatThrownBy(() -> new TfliteAdapter().open(file(name)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(word);
    }

    private static Path file(String name) throws URISyntaxException {
        return Path.of(
                FieldFilesTest.class.getResource("/field/" + name + ".tflite").toURI());
    }

    private static Map<String, Tensor> inputs(Map<String, ValueType> types, long batch) {
        SplittableRandom random = new SplittableRandom(batch);
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        types.forEach((name, type) -> {
            List<Long> shape = type.shape().orElseThrow().stream()
                    .map(extent -> extent instanceof Dimension.Fixed fixed ? fixed.extent() : batch)
                    .toList();
            float[] values = new float[shape.stream().mapToInt(Long::intValue).reduce(1, (a, b) -> a * b)];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian();
            }
            inputs.put(name, Tensors.floats(shape, values));
        });
        return inputs;
    }
}
