package io.espalier.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.dist.Launcher.Result;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files with gradients, of models of other formats and with open axes. */
class GradientFilesTest {

    @TempDir
    private Path folder;

    private Result gradient(Path model, Object... more) {
        Object[] all = new Object[more.length + 4];
        all[0] = "gradient";
        all[1] = model;
        all[2] = "-o";
        all[3] = folder.resolve("backward.onnx");
        System.arraycopy(more, 0, all, 4, more.length);
        return new Launcher(folder).run(all);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mobilenet-v2-open.float.tflite", "densenet.fp16.tflite", "lstm.float.tflite"})
    @DisplayName("A TFLite model is differentiated, and the file opens as a model does")
    void gradientsOfTflite(String name) {
        Path model = Path.of("../../adapters/tflite/src/test/resources/networks", name)
                .toAbsolutePath()
                .normalize();
        Result written = gradient(model, "--loss", "sum");

        assertThat(written.exitCode()).as(written.err()).isZero();
        assertThat(written.out()).contains("/gradient");
        Result opened = new Launcher(folder).run("inspect", folder.resolve("backward.onnx"));
        assertThat(opened.exitCode()).as(opened.err()).isZero();
    }

    @Test
    @DisplayName("The extent of a symbolic axis is that of the file; one that the model has not is named")
    void extents() {
        Path model = Launcher.example("fashion-resnet20.onnx");
        Result unknown = gradient(model, "--dim", "time=3");
        assertThat(unknown.exitCode()).isNotZero();
        assertThat(unknown.err()).contains("'time'");
    }
}
