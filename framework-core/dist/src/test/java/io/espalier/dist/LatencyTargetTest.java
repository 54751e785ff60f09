package io.espalier.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.dist.Launcher.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A latency as the target, in the runtime of each format. What was measured differs from run to run; what is decided by it does not. */
class LatencyTargetTest {

    private static final String TFLITE = "../../adapters/tflite/src/test/resources/networks/resnet.float.tflite";

    @TempDir
    private Path folder;

    private Result run(Object... arguments) {
        return new Launcher(folder).run(arguments);
    }

    @ParameterizedTest
    @CsvSource({
        "onnx, ../../docs/examples/fashion-resnet20.onnx, onnxruntime 1",
        "tflite, " + TFLITE + ", TensorFlow Lite 2",
        "zip, ../../docs/examples/fashion-cnn-dl4j.zip, DL4J 1"
    })
    @DisplayName("The runtime is timed, and the table gives the same plan again")
    void everyRuntime(String format, Path model, String runtime) throws IOException {
        Path first = folder.resolve("first.plan.json");
        Path again = folder.resolve("again.plan.json");
        Path table = folder.resolve("first.plan.json.latency.json");

        // Longer than any of them takes: whatever the machine is busy with, it can be met.
        Result timed =
                run("plan", model.toAbsolutePath(), "--target", "latency=60s", "--latency-time", "2s", "-o", first);
        Result replayed =
                run("plan", model.toAbsolutePath(), "--target", "latency=60s", "--latency-table", table, "-o", again);

        assertThat(timed.exitCode()).as(timed.err()).isZero();
        assertThat(replayed.exitCode()).as(replayed.err()).isZero();
        assertThat(Files.readString(table)).contains("\"runtime\" : \"" + runtime, "\"width\" : ");
        assertThat(again).hasSameBinaryContentAs(first);
        assertThat(folder.resolve("again.plan.json.latency.json")).hasSameBinaryContentAs(table);
    }

    @Test
    @DisplayName("A table is of no use for other targets, and there must be one")
    void unusable() {
        Path model = Launcher.example("fashion-resnet20.onnx");

        Result other = run("plan", model, "--target", "macs=50%", "--latency-table", "none.json");
        Result none = run("plan", model, "--target", "latency=50%", "--latency-table", "none.json");
        Result threads = run("plan", model, "--target", "latency=50%", "--latency-threads", "0");
        Result training = run(
                "prune",
                model,
                "--target",
                "latency=50%",
                "--when",
                "during",
                "--epochs",
                "1",
                "--train",
                Launcher.example("fashion-mnist-calibration.npz"),
                "-o",
                folder.resolve("a.onnx"));

        assertThat(other.err()).contains("only a target that is a latency is met by timing the model");
        assertThat(none.err()).contains("There is no latency table none.json");
        assertThat(threads.err()).contains("latency-threads cannot be 0; give a number of at least 1");
        assertThat(training.err()).contains("a latency as the target is met by timing cut networks");
        assertThat(new int[] {other.exitCode(), none.exitCode(), threads.exitCode(), training.exitCode()})
                .doesNotContain(0);
    }
}
