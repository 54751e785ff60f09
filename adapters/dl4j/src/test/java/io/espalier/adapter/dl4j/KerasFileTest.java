package io.espalier.adapter.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.adapter.onnx.OnnxExecutor;
import io.espalier.engine.run.PruningReport;
import io.espalier.engine.verify.Verification.Outcome;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.execution.GraphExecutor.Settings;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files are those of {@code keras/generate.py}, with what Keras itself computed. */
class KerasFileTest {

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("network.h5");
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = KerasFileTest.class.getResourceAsStream("/keras/" + name)) {
            return in.readAllBytes();
        }
    }

    private static float[] floats(String name) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(resource(name)).order(ByteOrder.LITTLE_ENDIAN);
        float[] values = new float[bytes.remaining() / Float.BYTES];
        bytes.asFloatBuffer().get(values);
        return values;
    }

    @ParameterizedTest
    @CsvSource({
        "cnn, 12 10 2, 5",
        "residual, 12 12 3, 5",
        "separable, 10 10 3, 9 9 4",
        "lstm, 7 6, 4",
        "convolution_1d, 16 6, 4"
    })
    void anImportedNetworkComputesWhatKerasComputes(String name, String input, String output) throws IOException {
        Files.write(file, resource(name + ".h5"));
        try (Model model = new Dl4jAdapter().open(file);
                Runner dl4j = model.runner();
                Runner neutral = new OnnxExecutor().prepare(model.graph(), Settings.PLAIN)) {
            Tensor x = Tensors.floats(shape(input), floats(name + ".in"));
            Tensor expected = Tensors.floats(shape(output), floats(name + ".out"));
            for (Runner runner : List.of(dl4j, neutral)) {
                Map<String, Tensor> outputs = runner.run(Map.of(runner.inputs().get(0), x));
                assertThat(outputs).hasSize(1);
                Testing.assertClose(name, expected, outputs.values().iterator().next(), 1e-5);
            }
        }
    }

    private static List<Long> shape(String extents) {
        return Arrays.stream(("2 " + extents).split(" ")).map(Long::valueOf).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cnn", "residual", "separable", "lstm", "convolution_1d"})
    void anImportedNetworkIsPrunedToAnArchiveOfDl4j(String name) throws IOException {
        byte[] before = resource(name + ".h5");
        Files.write(file, before);
        Path pruned = folder.resolve("pruned.zip");
        PruningReport report = Testing.prune(file, pruned, "channels=50%");
        assertThat(report.verification().outcome()).isEqualTo(Outcome.PROVED);
        assertThat(report.pruned().cost().parameters())
                .isLessThan(report.original().cost().parameters());
        Testing.assertLiftedAsDl4jComputes(pruned);
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
        Path again = folder.resolve("again.zip");
        Testing.prune(file, again, "channels=50%");
        assertThat(again).hasSameBinaryContentAs(pruned);
    }

    @ParameterizedTest
    @CsvSource({
        "data.h5, no attribute 'keras_version'",
        "keras3.h5, DL4J imports files of Keras 1 and 2 only",
        "gru.h5, Unsupported keras layer type GRU"
    })
    void whatCannotBeImportedIsRefused(String name, String reason) throws IOException {
        Files.write(file, resource(name));
        assertRefused(reason);
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 100, 5000, 20000})
    void aTruncatedFileIsRefused(int length) throws IOException {
        Files.write(file, Arrays.copyOf(resource("cnn.h5"), length));
        assertRefused("not a complete HDF5 file");
    }

    private void assertRefused(String reason) throws IOException {
        byte[] before = Files.readAllBytes(file);
        assertThatThrownBy(() -> new Dl4jAdapter().open(file))
                .isInstanceOf(InvalidInputException.class)
                .message()
                .hasLineCount(1)
                .contains("network.h5", reason)
                .endsWith(".");
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @Test
    void onlyModelsOfKerasAreRecognised() throws IOException {
        for (String name : List.of("cnn.h5", "keras3.h5", "gru.h5")) {
            Files.write(file, resource(name));
            assertThat(new Dl4jAdapter().recognises(file, Arrays.copyOf(resource(name), 64)))
                    .as(name)
                    .isTrue();
        }
        Files.write(file, resource("data.h5"));
        assertThat(new Dl4jAdapter().recognises(file, resource("data.h5"))).isFalse();
    }
}
