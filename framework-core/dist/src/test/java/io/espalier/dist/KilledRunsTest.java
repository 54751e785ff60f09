package io.espalier.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.api.Espalier;
import io.espalier.api.VerifyResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs that are killed at random moments, again and again to the same place: what lies there is always one whole result.
 *
 * <p>The system property {@code espalier.kills} says how many.
 */
class KilledRunsTest {

    private static final int KILLS = Integer.getInteger("espalier.kills", 8);
    private static final Path MODEL = Launcher.example("fashion-resnet20.onnx");

    @TempDir
    private Path folder;

    @TempDir
    private Path captured;

    @Test
    void whatLiesThereVerifies() throws Exception {
        Path pruned = folder.resolve("pruned.onnx");
        long start = System.nanoTime();
        assertThat(new Launcher(folder).run(arguments(pruned, 60)).exitCode()).isZero();
        long whole = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        try (Espalier espalier =
                Espalier.builder().plugins(Launcher.home().resolve("plugins")).build()) {
            for (int seed = 0; seed < KILLS; seed++) {
                killed(pruned, seed, new Random(seed).nextLong(whole));
                VerifyResult result = espalier.verify(MODEL, folder.resolve("pruned.onnx.plan.json"), pruned)
                        .run();
                assertThat(result.proof().isProved())
                        .as("seed %d: %s", seed, result.differences())
                        .isTrue();
                assertThat(hidden()).as("seed %d", seed).isEmpty();
            }
        }
    }

    private void killed(Path pruned, int seed, long millis) throws IOException, InterruptedException {
        Process run = new Launcher(folder)
                .start(captured.resolve("out"), captured.resolve("err"), arguments(pruned, 40 + seed % 2 * 20));
        run.waitFor(millis, TimeUnit.MILLISECONDS);
        run.destroyForcibly().waitFor();
    }

    private static Object[] arguments(Path pruned, int percent) {
        return new Object[] {"prune", MODEL, "--target", "channels=" + percent + "%", "--no-latency", "-o", pruned};
    }

    private List<Path> hidden() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith("."))
                    .toList();
        }
    }
}
