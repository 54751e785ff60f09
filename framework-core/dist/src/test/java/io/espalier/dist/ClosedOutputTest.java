package io.espalier.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.dist.Launcher.Result;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whoever reads the output may close it, and a disk may be full. */
@DisabledOnOs(OS.WINDOWS)
class ClosedOutputTest {

    private static final int FAILED = 1;
    private static final int CLOSED = 141;
    private static final Path MODEL = Launcher.example("fashion-resnet20.onnx");

    @TempDir
    private Path folder;

    static List<Arguments> commands() {
        return List.of(
                Arguments.of(List.of("inspect", MODEL)),
                Arguments.of(List.of("inspect", MODEL, "--json")),
                Arguments.of(List.of("plan", MODEL, "--target", "channels=50%", "-q")),
                Arguments.of(List.of("plugins", "list")),
                Arguments.of(List.of("prune", "--help")),
                Arguments.of(List.of("version")));
    }

    @ParameterizedTest
    @MethodSource("commands")
    @DisplayName("A reader that closes the output is answered quietly, with the code of its signal")
    void closed(List<Object> command) {
        Result result = shell("\"$@\" | true; exit ${PIPESTATUS[0]}").run(command.toArray());

        assertThat(result.exitCode()).isEqualTo(CLOSED);
        assertThat(result.err()).isEmpty();
    }

    @Test
    @DisplayName("What a command writes to files is there although nobody reads what it prints")
    void resultsAreWritten() {
        Path output = folder.resolve("pruned.onnx");

        Result result = shell("\"$@\" | true; exit ${PIPESTATUS[0]}")
                .run("prune", MODEL, "--target", "channels=50%", "-o", output, "-q");

        assertThat(result.exitCode()).isEqualTo(CLOSED);
        assertThat(result.err()).isEmpty();
        assertThat(output).exists();
        Path journal = folder.resolve("pruned.onnx.events");
        assertThat(journal).exists();
        Result tail = shell("\"$@\" | true; exit ${PIPESTATUS[0]}").run("events", "tail", journal);
        assertThat(tail.exitCode()).isEqualTo(CLOSED);
        assertThat(tail.err()).isEmpty();
    }

    @Test
    @DisplayName("A reader that reads all of it changes nothing")
    void read() {
        Result result = shell("\"$@\" | cat; exit ${PIPESTATUS[0]}").run("version");

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).contains("espalier");
    }

    @Test
    @EnabledIf("hasFullDevice")
    @DisplayName("A full disk behind the output is a failure, with the reason")
    void fullDisk() {
        Result result = shell("exec \"$@\" > /dev/full").run("inspect", MODEL);

        assertThat(result.exitCode()).isEqualTo(FAILED);
        assertThat(result.err()).contains("standard output cannot be written");
    }

    static boolean hasFullDevice() {
        return Path.of("/dev/full").toFile().exists();
    }

    private Launcher shell(String script) {
        return new Launcher(folder).within("bash", "-c", script, "bash");
    }
}
