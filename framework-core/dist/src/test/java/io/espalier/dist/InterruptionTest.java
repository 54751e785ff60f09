package io.espalier.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.espalier.events.JournalReader;
import io.espalier.events.v1.FailureKind;
import io.espalier.events.v1.PruningEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class InterruptionTest {

    private static final long SIGINT = 1L << 1;
    private static final int INTERRUPTED = 130;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    @TempDir
    private Path captured;

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "there is no kill to send Ctrl-C with")
    @DisplayName("Ctrl-C ends with code 130, a journal that tells its end, and no temporary files")
    void controlC() throws Exception {
        assumeFalse(isIgnored(), "whoever started this build in the background had Ctrl-C ignored, as shells do");
        Path output = Files.writeString(folder.resolve("pruned.onnx"), "kept");
        Path journal = folder.resolve("pruned.onnx.events");
        Process process = new Launcher(folder)
                .start(
                        captured.resolve("out"),
                        captured.resolve("err"),
                        "prune",
                        Launcher.example("fashion-resnet20.onnx"),
                        "--target",
                        "macs=50%",
                        "--data",
                        Launcher.example("fashion-mnist-test.npz"),
                        "--latency-runs",
                        "1000000",
                        "-o",
                        output);
        awaitVerified(journal, process);

        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();

        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(INTERRUPTED);
        List<PruningEvent> events = JournalReader.read(journal).events();
        assertThat(events.get(events.size() - 1).getRunFailed().getKind())
                .isEqualTo(FailureKind.FAILURE_KIND_CANCELLED);
        assertThat(Files.readString(captured.resolve("err")))
                .contains("interrupted")
                .doesNotContain("\tat ");
        assertThat(output).hasContent("kept");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactlyInAnyOrder(output, journal);
        }
    }

    /** A process whose parent ignores the signal ignores it, too, and so does every JVM. */
    private static boolean isIgnored() throws IOException {
        Path status = Path.of("/proc/self/status");
        return Files.exists(status)
                && Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("SigIgn:"))
                        .anyMatch(line ->
                                (Long.parseUnsignedLong(line.substring(7).strip(), 16) & SIGINT) != 0);
    }

    /** Waits until the run has files to clean up and is busy measuring. */
    private static void awaitVerified(Path journal, Process process) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!Files.exists(journal)
                || JournalReader.read(journal).events().stream().noneMatch(PruningEvent::hasVerified)) {
            assertThat(process.isAlive()).as("the run goes on").isTrue();
            assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
            Thread.sleep(20);
        }
    }
}
