package io.espalier.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.dist.Launcher.Result;
import io.espalier.testkit.TestingNpz;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Criteria and compensators that find nothing of theirs in a model, and data that does not fit it. */
class NothingToGoByTest {

    private static final int FAILED = 1;
    private static final int EXAMPLES = 8;

    @TempDir
    private Path folder;

    @Test
    @DisplayName("A criterion that reads scales refuses a model without any, with the reason, and writes nothing")
    void noScales() throws Exception {
        for (String target : List.of("macs=50%", "channels=50%", "params=70%")) {
            Result result = prune(plainModel(), "--target", target, "--criterion", "bn-scale");

            assertThat(result.exitCode()).as(result.err()).isEqualTo(FAILED);
            assertThat(result.err())
                    .contains("'bn-scale' does not say which channels to remove", "reads no parameter")
                    .doesNotContain("Exception");
            assertThat(result.out()).isEmpty();
            assertThat(results()).doesNotContain("pruned.onnx", "pruned.onnx.plan.json", "pruned.onnx.report.json");
        }
    }

    @Test
    @DisplayName("Groups that a criterion does not read are left alone, and the run says which and why")
    void groupsThatAreNotRead() {
        Result result =
                prune(Launcher.example("fashion-vit.onnx"), "--target", "channels=95%", "--criterion", "bn-scale");

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.err())
                .containsPattern(
                        "\\d+ groups with \\d+ channels left alone, because the criterion 'bn-scale' reads none")
                .doesNotContain("onnx::");
    }

    @Test
    @DisplayName("A repair of batch norms says so when there is none, and claims nothing")
    void noBatchNorm() throws Exception {
        Path data = data("x", 3, 12, 12);

        Result result =
                prune(plainModel(), "--target", "channels=50%", "--repair", "bn", "--calibration", data.toString());

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.err()).contains("nothing was repaired", "'bn'");
        assertThat(result.out()).doesNotContain("after repair");
        assertThat(Files.readString(folder.resolve("pruned.onnx.report.json"))).doesNotContain("\"repair\"");
    }

    @Test
    @DisplayName("Calibration data of another shape is refused with its array before anything is written")
    void calibrationThatDoesNotFit() throws IOException {
        Path wrong = data("image", 3, 5, 5);

        Result result = prune(
                Launcher.example("fashion-resnet20.onnx"),
                "--target",
                "macs=50%",
                "--repair",
                "bn",
                "--calibration",
                wrong.toString());

        assertThat(result.exitCode()).as(result.err()).isEqualTo(FAILED);
        assertThat(result.err()).contains("image").doesNotContain("Exception");
        assertThat(results()).doesNotContain("pruned.onnx", "pruned.onnx.plan.json");
    }

    private Result prune(Path model, String... flags) {
        Object[] arguments = Stream.of(
                        Stream.of("prune", model),
                        Stream.of(flags),
                        Stream.of("--no-latency", "-o", folder.resolve("pruned.onnx")))
                .flatMap(part -> part)
                .toArray();
        return new Launcher(folder).run(arguments);
    }

    /** Examples of images. */
    private Path data(String name, int channels, int height, int width) throws IOException {
        float[] values = new float[EXAMPLES * channels * height * width];
        Random random = new Random(1);
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat();
        }
        String shape = "(" + EXAMPLES + ", " + channels + ", " + height + ", " + width + ")";
        TestingNpz npz = new TestingNpz().array(name, "<f4", shape, TestingNpz.floats(ByteOrder.LITTLE_ENDIAN, values));
        return Files.write(folder.resolve("data.npz"), npz.stored());
    }

    /** A model without any normalisation. */
    private static Path plainModel() throws URISyntaxException {
        return Path.of(NothingToGoByTest.class
                .getResource("/changed-files/boxes-scores.onnx")
                .toURI());
    }

    private List<String> results() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
