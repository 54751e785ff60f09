package io.espalier.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.dist.Launcher.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** onnxruntime crashes a process with a long command line while it is loaded; Espalier says so instead. */
@EnabledOnOs(OS.LINUX)
class LongCommandLineTest {

    private static final int FAILED = 1;

    @TempDir
    private Path folder;

    private List<String> arguments() {
        String detour = "/.".repeat(900);
        return List.of(
                "prune",
                Launcher.example("fashion-resnet20.onnx").getParent() + detour + "/fashion-resnet20.onnx",
                "--target",
                "macs=80%",
                "--no-latency",
                "-o",
                folder + detour + "/pruned.onnx");
    }

    @Test
    @DisplayName("It ends with a sentence instead of a crash")
    void sentence() {
        Result result = new Launcher(folder).run(arguments().toArray());

        assertThat(result.exitCode()).as(result.err()).isEqualTo(FAILED);
        assertThat(result.err()).contains("The command line of this process has", "@FILE");
        assertThat(folder.resolve("pruned.onnx")).doesNotExist();
    }

    @Test
    @DisplayName("The same arguments in a file work, as the sentence says")
    void argumentFile() throws IOException {
        Path file = Files.write(folder.resolve("arguments"), arguments());

        Result result = new Launcher(folder).run("@" + file);

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(folder.resolve("pruned.onnx")).isNotEmptyFile();
    }
}
