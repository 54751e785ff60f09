package io.espalier.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What is no file, a pipe that nobody writes into above all, is refused at once wherever a file is asked for. */
@DisabledOnOs(OS.WINDOWS)
class PipesTest {

    @TempDir
    private Path folder;

    private Path pipe;

    @BeforeEach
    void makePipe() throws IOException, InterruptedException {
        pipe = folder.resolve("pipe.onnx");
        Process made = new ProcessBuilder("mkfifo", pipe.toString()).start();
        assumeTrue(made.waitFor() == 0, "no pipes here");
    }

    @Test
    @DisplayName("A pipe as model, data, plan and Kafka settings")
    void files() {
        Path model = Launcher.example("fashion-resnet20.onnx");
        assertRefused(5, "is a pipe or a device", "inspect", pipe);
        assertRefused(
                1, "is a pipe or a device", "prune", model, "--target", "macs=50%", "--data", pipe, "-o", "x.onnx");
        assertRefused(1, "a pipe or a device", "prune", model, "--plan", pipe, "-o", "x.onnx");
        assertRefused(2, "a pipe or a device", "events", "init", "--kafka-config", pipe);
    }

    @Test
    @DisplayName("A plug-in that is a pipe, or that unpacks to more than a plug-in has, is left out")
    void plugins() throws IOException {
        Path plugins = Files.createDirectories(folder.resolve("plugins"));
        Files.move(pipe, plugins.resolve("pipe.jar"));
        try (OutputStream out = Files.newOutputStream(plugins.resolve("bomb.zip"));
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.setLevel(Deflater.BEST_SPEED);
            zip.putNextEntry(new ZipEntry("lib/zeros"));
            byte[] block = new byte[1 << 20];
            for (int i = 0; i <= 2048; i++) {
                zip.write(block);
            }
        }
        Launcher.Result doctor = new Launcher(folder).run("plugins", "doctor", "--plugins", plugins);
        assertThat(doctor.out() + doctor.err())
                .contains("unpacks to more than 2 GiB")
                .contains("is a pipe or a device");
    }

    @Test
    @DisplayName("A journal that is a pipe or a device, or a link to a file that is no journal")
    void journals() throws IOException {
        Path model = Launcher.example("fashion-resnet20.onnx");
        Files.move(pipe, folder.resolve("piped.onnx.events"));
        assertRefused(1, "a device or a pipe", "prune", model, "--target", "macs=80%", "-o", "piped.onnx");
        Path letter = Files.writeString(folder.resolve("letter.txt"), "Dear all");
        Files.createSymbolicLink(folder.resolve("linked.onnx.events"), letter);
        assertRefused(1, "is no journal", "prune", model, "--target", "macs=80%", "-o", "linked.onnx");
        assertThat(letter).hasContent("Dear all");
        assertRefused(5, "is a pipe or a device", "inspect", "/dev/zero");
        assertRefused(1, "a pipe or a device", "events", "export", "/dev/zero");
    }

    private void assertRefused(int exitCode, String says, Object... command) {
        Launcher.Result result = new Launcher(folder).run(command);
        assertThat(result.err()).contains(says);
        assertThat(result.exitCode()).as(result.err()).isEqualTo(exitCode);
    }
}
