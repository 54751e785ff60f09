package io.espalier.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.dist.Launcher.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run on a file of one framework does not load the libraries of others. */
class AdaptersInReserveTest {

    @TempDir
    private Path folder;

    @Test
    @DisplayName("To inspect an ONNX file no class of TFLite or DL4J is loaded")
    void onnx() throws IOException {
        Path log = folder.resolve("classes.log");

        Result result = new Launcher(folder)
                .jvm("-Xlog:class+load:file=" + log)
                .run("inspect", Launcher.example("fashion-resnet20.onnx"));

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(classes(log))
                .contains("io.espalier.adapter.tflite.TfliteAdapter", "io.espalier.adapter.dl4j.Dl4jAdapter")
                .noneMatch(name -> name.startsWith("org.tensorflow.")
                        || name.startsWith("org.bytedeco.")
                        || name.startsWith("com.google.flatbuffers.")
                        || name.startsWith("org.deeplearning4j.")
                        || name.startsWith("org.nd4j."));
    }

    /** Names of loaded classes, as the JVM logs them: decorations in brackets, the name, where it comes from. */
    private static List<String> classes(Path log) throws IOException {
        try (Stream<String> lines = Files.lines(log)) {
            return lines.filter(line -> line.contains(" source: "))
                    .map(line -> line.substring(line.lastIndexOf(']', line.indexOf(" source: ")) + 1)
                            .strip()
                            .split(" ")[0])
                    .toList();
        }
    }
}
