package io.espalier.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.api.Espalier;
import io.espalier.api.VerifyResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
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

    @TempDir
    private Path temporary;

    @Test
    void whatLiesThereVerifies() throws Exception {
        Path pruned = folder.resolve("pruned.onnx");
        long start = System.nanoTime();
        assertThat(launcher().run(arguments(pruned, 60)).exitCode()).isZero();
        long whole = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        try (Espalier espalier =
                Espalier.builder().plugins(Launcher.home().resolve("plugins")).build()) {
            for (int seed = 0; seed < KILLS; seed++) {
                kill(new Random(seed).nextLong(whole), arguments(pruned, 40 + seed % 2 * 20));
                VerifyResult result = espalier.verify(MODEL, folder.resolve("pruned.onnx.plan.json"), pruned)
                        .run();
                assertThat(result.proof().isProved())
                        .as("seed %d: %s", seed, result.differences())
                        .isTrue();
                assertThat(hidden()).as("seed %d", seed).isEmpty();
            }
        }
    }

    @Test
    void nothingTemporaryIsLeftByTheNextCommand() throws Exception {
        Path pruned = folder.resolve("pruned.onnx");
        assertThat(launcher().run(arguments(pruned, 60)).exitCode()).isZero();
        Object[] verify = {"verify", MODEL, folder.resolve("pruned.onnx.plan.json"), pruned};
        long start = System.nanoTime();
        assertThat(launcher().run(verify).exitCode()).isZero();
        long whole = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        for (int seed = 0; seed < KILLS; seed++) {
            kill(new Random(seed).nextLong(whole), verify);
        }
        Files.createDirectory(temporary.resolve("onnxruntime-java1"));
        makeOld();

        Launcher.Result verified = launcher().run(verify);

        assertThat(verified.exitCode()).as(verified.err()).isZero();
        assertThat(temporary).isEmptyDirectory();
    }

    /** Empty folders of onnxruntime are those of killed processes when they are some minutes old. */
    private void makeOld() throws IOException {
        FileTime then = FileTime.from(Instant.now().minus(Duration.ofMinutes(5)));
        try (Stream<Path> left = Files.list(temporary)) {
            for (Path each : left.toList()) {
                Files.setLastModifiedTime(each, then);
            }
        }
    }

    private Launcher launcher() {
        return new Launcher(folder).jvm("-Djava.io.tmpdir=" + temporary);
    }

    private void kill(long millis, Object... arguments) throws InterruptedException {
        Process run = launcher().start(captured.resolve("out"), captured.resolve("err"), arguments);
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
