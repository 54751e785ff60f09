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

/** Residual blocks that are left out, as asked for on the command line. */
class DepthTest {

    private static final String CALIBRATION = Launcher.example("fashion-mnist-calibration.npz") + ":64";

    @TempDir
    private Path folder;

    private Result run(String command, Path output, Object... arguments) {
        List<Object> all = new ArrayList<>(List.of(command, Launcher.example("fashion-resnet20.onnx"), "-o", output));
        all.addAll(List.of(arguments));
        return new Launcher(folder).run(all.toArray());
    }

    private static JsonNode blocks(Path plan) throws IOException {
        return new ObjectMapper().readTree(Files.readString(plan)).path("blocks");
    }

    @Test
    @DisplayName("A plan finds the number of blocks, and its replay is proved")
    void planned() throws IOException {
        Path plan = folder.resolve("plan.json");
        Path pruned = folder.resolve("pruned.onnx");

        Result made = run("plan", plan, "--depth", "auto", "--target", "macs=40%", "--calibration", CALIBRATION);
        Result replayed = run("prune", pruned, "--plan", plan, "--no-latency");

        assertThat(made.exitCode()).as(made.err()).isZero();
        assertThat(made.err())
                .contains(blocks(plan).size() + " residual blocks are left out before channels: of the numbers");
        assertThat(replayed.exitCode()).as(replayed.err()).isZero();
        assertThat(replayed.out()).contains("proved");
        assertThat(blocks(folder.resolve("pruned.onnx.plan.json"))).isEqualTo(blocks(plan));
    }

    @Test
    @DisplayName("What is left is trained after the cut")
    void fineTuned() throws IOException {
        Path output = folder.resolve("tuned.onnx");
        Result result = run("prune", output, "--depth", 2, "--fine-tune", 1, "--train", CALIBRATION, "--no-latency");

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out()).contains("proved", "trained");
        assertThat(blocks(folder.resolve("tuned.onnx.plan.json"))).hasSize(2);
    }

    @Test
    @DisplayName(
            "Refused in a sentence: a training before the cut, a number that nothing can be tried on, a table for each number")
    void refused() {
        Path output = folder.resolve("none.onnx");
        for (String when : List.of("before", "during", "after")) {
            Result trained = run(
                    "prune",
                    output,
                    "--depth",
                    1,
                    "--target",
                    "macs=50%",
                    "--when",
                    when,
                    "--train",
                    CALIBRATION,
                    "--epochs",
                    1);
            assertThat(trained.exitCode()).as(when).isEqualTo(2);
            assertThat(trained.err())
                    .contains("this model is still to be trained; leave --depth out, or give it to a later run");
        }
        for (String command : List.of("plan", "prune")) {
            Result untried = run(command, output, "--depth", "auto", "--target", "macs=50%");
            assertThat(untried.exitCode()).as(command).isEqualTo(2);
            assertThat(untried.err()).contains("give calibration data, or the number of blocks");
        }
        Result timed = run(
                "prune",
                output,
                "--depth",
                "auto",
                "--target",
                "accuracy=-1",
                "--minimize",
                "latency",
                "--calibration",
                CALIBRATION,
                "--data",
                Launcher.example("fashion-mnist-test.npz"));
        assertThat(timed.err()).contains("each number of residual blocks has its own; give the number of blocks");
        assertThat(output).doesNotExist();
    }
}
