package io.espalier.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.api.Espalier;
import io.espalier.api.PruneResult;
import io.espalier.api.Repair.Weight;
import io.espalier.api.VerifyResult;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.TestingNpz;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Weights in files of every format are fitted, also quantised ones, and the runtime of the format runs the result. */
class RepairedFormatsTest {

    private static final Path TFLITE =
            Path.of("..", "..", "adapters", "tflite", "src", "test", "resources", "networks");

    @TempDir
    private Path folder;

    @ParameterizedTest(name = "{0}")
    @DisplayName("Errors fall, and the file that was written is proved again")
    @CsvSource({
        "resnet.float.tflite, FLOAT32, 32, 3, 15",
        "resnet.int8.tflite, INT8, 32, 3, 12",
        "fashion-cnn-dl4j.zip, FLOAT32, 28, 1, 2"
    })
    void fitted(String file, DataType type, long size, long channels, int atLeast) throws IOException {
        boolean isTflite = file.endsWith(".tflite");
        Path model = isTflite ? TFLITE.resolve(file) : Launcher.example(file);
        Path output = folder.resolve(file);
        List<Long> shape = isTflite ? List.of(32L, size, size, channels) : List.of(32L, channels, size, size);
        SplittableRandom random = new SplittableRandom(1);
        double[] images = random.doubles(32 * size * size * channels, -1, 1)
                .map(value -> type == DataType.INT8 ? Math.rint(100 * value) : 2 * value)
                .toArray();
        Path calibration = folder.resolve("calibration.npz");
        String extents = "(" + shape.stream().map(String::valueOf).collect(Collectors.joining(", ")) + ")";
        byte[] elements =
                Tensors.toBytes(Tensors.fromDoubles(type, shape, images)).array();
        Files.write(
                calibration,
                new TestingNpz()
                        .array("image", type == DataType.INT8 ? "|i1" : "<f4", extents, elements)
                        .stored());

        try (Espalier espalier =
                Espalier.builder().plugins(Launcher.home().resolve("plugins")).build()) {
            PruneResult pruned = espalier.prune(model)
                    .target("macs=60%")
                    .criterion("l2")
                    .allocator("uniform")
                    .repair("obs", Map.of(), calibration)
                    .withoutLatency()
                    .to(output);
            VerifyResult verified = espalier.verify(model, output.resolveSibling(file + ".plan.json"), output)
                    .run();

            List<Weight> changed = pruned.repair().orElseThrow().weights().stream()
                    .filter(weight -> weight.reason().isEmpty())
                    .toList();
            assertThat(changed).as("%s", pruned.repair()).hasSizeGreaterThanOrEqualTo(atLeast);
            assertThat(changed).allMatch(weight -> weight.errorAfter() < weight.errorBefore());
            assertThat(verified.proof().isProved())
                    .as(verified.proof().reason())
                    .isTrue();
        }
    }
}
