package io.espalier.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.api.Espalier;
import io.espalier.api.Plan;
import io.espalier.api.PlanRequest;
import io.espalier.api.PruneResult;
import io.espalier.api.Repair.Weight;
import io.espalier.api.VerifyResult;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.TestingNpz;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Channels in files of every format are scored on data and weights are fitted, also quantised ones, and the runtime of the format runs the result. */
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
        Path model = model(file);
        Path output = folder.resolve(file);
        Path calibration = noise(file, type, size, channels);

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

    @ParameterizedTest(name = "{0}")
    @DisplayName("Criteria of calibration data tell channels apart, and channels are removed by them")
    @CsvSource({
        "resnet.float.tflite, FLOAT32, 32, 3",
        "resnet.int8.tflite, INT8, 32, 3",
        "fashion-cnn-dl4j.zip, FLOAT32, 28, 1"
    })
    void scored(String file, DataType type, long size, long channels) throws IOException {
        Path calibration = noise(file, type, size, channels);

        try (Espalier espalier =
                Espalier.builder().plugins(Launcher.home().resolve("plugins")).build()) {
            PlanRequest request = espalier.plan(model(file)).target("macs=60%").calibration(calibration);
            Set<List<Plan.Group>> choices = new HashSet<>();
            for (String criterion : List.of("apoz", "hrank", "chip", "obs", "thinet", "wanda-sp", "flap", "cosine")) {
                Plan plan = request.criterion(criterion)
                        .normalise("mean")
                        .allocator("uniform")
                        .make()
                        .plan();

                assertThat(plan.groups()).as(criterion).anyMatch(group -> group.kept() < group.total());
                assertThat(plan.groups())
                        .as(criterion)
                        .filteredOn(group -> group.kept() < group.total())
                        .anyMatch(group ->
                                group.scores().minimum() < group.scores().maximum());
                choices.add(plan.groups());
            }
            assertThat(choices).as("each criterion chooses by itself").hasSizeGreaterThanOrEqualTo(7);
        }
    }

    private static Path model(String file) {
        return isTflite(file) ? TFLITE.resolve(file) : Launcher.example(file);
    }

    private static boolean isTflite(String file) {
        return file.endsWith(".tflite");
    }

    /** 32 images of noise in the layout of the format. */
    private Path noise(String file, DataType type, long size, long channels) throws IOException {
        List<Long> shape = isTflite(file) ? List.of(32L, size, size, channels) : List.of(32L, channels, size, size);
        double[] images = new SplittableRandom(1)
                .doubles(32 * size * size * channels, -1, 1)
                .map(value -> type == DataType.INT8 ? Math.rint(100 * value) : 2 * value)
                .toArray();
        String extents = "(" + shape.stream().map(String::valueOf).collect(Collectors.joining(", ")) + ")";
        byte[] elements =
                Tensors.toBytes(Tensors.fromDoubles(type, shape, images)).array();
        return Files.write(
                folder.resolve("calibration.npz"),
                new TestingNpz()
                        .array("image", type == DataType.INT8 ? "|i1" : "<f4", extents, elements)
                        .stored());
    }
}
