package io.espalier.dist;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.dist.Launcher.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A network that is not trained: all its scales and variances are one vector of the file, all its shifts and means another. */
class BeforeTrainingTest {

    @TempDir
    private Path folder;

    @Test
    @DisplayName("Cut in steps by scores of training data, proved, and written with how to train it")
    void beforeTraining() throws IOException {
        Path pruned = folder.resolve("pruned.onnx");
        Result result = prune(pruned, "--when", "before", "--train", training(), "--criterion", "snip", "--steps", "2");

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out())
                .contains("proved")
                .contains("recipe  untrained")
                .contains("pruned.onnx.training.json");
        JsonNode settings = json(folder.resolve("pruned.onnx.plan.json")).get("settings");
        assertThat(settings.get("steps").asInt()).isEqualTo(2);
        assertThat(settings.at("/calibration/examples").asInt()).isEqualTo(512);
        JsonNode recipe = json(folder.resolve("pruned.onnx.training.json"));
        assertThat(recipe.at("/model/file").asText()).isEqualTo("pruned.onnx");
        assertThat(recipe.at("/unpruned/file").asText()).isEqualTo("fashion-resnet20-untrained.onnx");
        assertThat(recipe.get("train").get(0).asText()).isEqualTo(training().toString());
        assertThat(recipe.get("loss").asText()).isEqualTo("cross-entropy");
    }

    @Test
    @DisplayName("Without data, by what flows through the network")
    void withoutData() {
        Result result = prune(folder.resolve("flow.onnx"), "--criterion", "synflow");

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out()).contains("proved");
        assertThat(folder.resolve("flow.onnx.training.json")).doesNotExist();
    }

    @Test
    @DisplayName("Without data, by the densities of layers")
    void byDensityAlone() throws IOException {
        Path output = folder.resolve("density.onnx");
        Result result = prune(
                output, "--criterion", "precrop", "--normalise", "none", "--allocator", "per-cost", "--steps", "3");

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out()).contains("proved");
        assertThat(json(folder.resolve("density.onnx.plan.json"))
                        .at("/settings/criterion")
                        .asText())
                .isEqualTo("precrop");
    }

    @Test
    @DisplayName("Flags that do not go together are refused in one sentence")
    void contradictions() {
        Path output = folder.resolve("none.onnx");
        assertThat(prune(output, "--when", "before", "--train", training(), "--fine-tune", "1")
                        .err())
                .contains("leave out --fine-tune");
        assertThat(prune(output, "--when", "before").err()).contains("with --train");
        assertThat(prune(output, "--when", "later").err()).contains("give before, during or after");
        Result repaired = prune(output, "--when", "before", "--train", training(), "--calibration", training());
        assertThat(repaired.exitCode()).isEqualTo(2);
        assertThat(repaired.err()).contains("leave out the calibration data");
        assertThat(output).doesNotExist();
    }

    private static Path training() {
        return Launcher.example("fashion-mnist-calibration.npz");
    }

    private static JsonNode json(Path file) throws IOException {
        return new ObjectMapper().readTree(Files.readString(file));
    }

    private Result prune(Path output, Object... arguments) {
        List<Object> all = new ArrayList<>(List.of(
                "prune",
                Launcher.example("fashion-resnet20-untrained.onnx"),
                "--target",
                "macs=50%",
                "--no-latency",
                "-o",
                output));
        all.addAll(List.of(arguments));
        return new Launcher(folder).run(all.toArray());
    }
}
