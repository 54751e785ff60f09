package io.espalier.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.dist.Launcher.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A network of DL4J goes through the same commands as an ONNX file, whatever it is called. */
class Dl4jEndToEndTest {

    @TempDir
    private Path folder;

    private Result run(Object... arguments) {
        return new Launcher(folder).run(arguments);
    }

    @Test
    @DisplayName("Pruned with data, replayed to the same bytes under another time zone, verified")
    void pruneReplayVerify() throws IOException {
        Path model = Files.copy(Launcher.example("fashion-cnn-dl4j.zip"), folder.resolve("network.bin"));
        Path first = folder.resolve("first.zip");
        Path second = folder.resolve("second.zip");
        Path plan = folder.resolve("first.zip.plan.json");

        Result pruned = run(
                "prune",
                model,
                "--target",
                "macs=50%",
                "--no-latency",
                "-o",
                first,
                "--data",
                Launcher.example("fashion-mnist-test.npz"));
        Result replayed = new Launcher(folder)
                .jvm("-Duser.timezone=Asia/Kathmandu", "-Duser.language=tr", "-Duser.country=TR")
                .run("prune", model, "--plan", plan, "--no-latency", "-o", second);
        Result verified = run("verify", model, plan, first);

        assertThat(pruned.exitCode()).as(pruned.err()).isZero();
        assertThat(pruned.out()).contains("proved", "accuracy");
        assertThat(pruned.err()).as("nothing of the library is heard").doesNotContain("SLF4J", "nd4j");
        assertThat(replayed.exitCode()).as(replayed.err()).isZero();
        assertThat(second).hasSameBinaryContentAs(first);
        assertThat(verified.exitCode()).as(verified.err()).isZero();
    }

    @Test
    @DisplayName("A network cut off is refused in one sentence")
    void cutOff() throws IOException {
        byte[] whole = Files.readAllBytes(Launcher.example("fashion-cnn-dl4j.zip"));
        Path half = Files.write(folder.resolve("half.zip"), java.util.Arrays.copyOf(whole, whole.length / 2));

        Result result = run("inspect", half);

        assertThat(result.exitCode()).isEqualTo(5);
        assertThat(result.err())
                .contains("half.zip is not a complete zip archive")
                .hasLineCount(1);
    }
}
