package io.espalier.adapter.onnx.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders of native libraries do not outlive what loaded them. */
final class NativeLibrariesTest {

    private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));

    @TempDir
    private Path folder;

    private static long foldersOfThisProcess() throws IOException {
        String prefix = "espalier-onnxruntime-" + ProcessHandle.current().pid() + "-";
        try (Stream<Path> files = Files.list(TEMPORARY)) {
            return files.filter(file -> file.getFileName().toString().startsWith(prefix))
                    .count();
        }
    }

    @Test
    void nothingIsLeftOnceTheyAreLoaded() throws IOException {
        NativeLibraries unpacked = NativeLibraries.unpack();
        assertThat(foldersOfThisProcess()).isEqualTo(1);
        unpacked.delete();
        assertThat(foldersOfThisProcess()).isZero();
        assertThat(System.getProperty("onnxruntime.native.path")).isNull();
    }

    @Test
    void onlyWhatTheDeadLeftIsDeleted() throws Exception {
        Process ended = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--version")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out").toFile())
                .start();
        ended.waitFor();
        Path dead = Files.createDirectory(folder.resolve("espalier-onnxruntime-" + ended.pid() + "-1"));
        Files.writeString(dead.resolve("library"), "");
        Path living = Files.createDirectory(
                folder.resolve("espalier-onnxruntime-" + ProcessHandle.current().pid() + "-1"));
        Path foreign = Files.createDirectory(folder.resolve("espalier-onnxruntime-notes"));

        NativeLibraries.deleteThoseOfTheDead(folder);

        assertThat(dead).doesNotExist();
        assertThat(living).exists();
        assertThat(foreign).exists();
    }
}
