package io.espalier.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.spi.adapter.AdapterContext;
import io.espalier.spi.adapter.FrameworkAdapter;
import io.espalier.spi.adapter.Model;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelFileTest {

    @TempDir
    private Path folder;

    private final List<FrameworkAdapter> adapters = List.of(
            new TestingRecogniser("named", (file, head) -> file.toString().endsWith(".named")),
            new TestingRecogniser("testing", (file, head) -> head.startsWith("GRAPH")));

    @ParameterizedTest
    @ValueSource(strings = {"model.named", "model.testing", "model"})
    void contentGoesBeforeTheName(String name) throws IOException {
        Path file = Files.writeString(folder.resolve(name), "GRAPH");
        assertThat(ModelFile.adapter(adapters, file).name()).isEqualTo("testing");
    }

    @Test
    void theNameDecidesAboutContentNobodyKnows() throws IOException {
        Path file = Files.writeString(folder.resolve("broken.named"), "?");
        assertThat(ModelFile.adapter(adapters, file).name()).isEqualTo("named");
    }

    @Test
    void aSavedModelIsNamedWithTheWayFromIt() throws IOException {
        byte[] graph = {0x08, 0x01, 0x12, (byte) 0xD9, (byte) 0xAA, 0x01, 0x0A, 0x05, 0x12, 0x03};
        Path model = Files.createDirectory(folder.resolve("model"));
        Path inside = Files.write(model.resolve("saved_model.pb"), graph);
        Path renamed = Files.write(folder.resolve("renamed.pb"), graph);
        for (Path path : List.of(model, inside, renamed)) {
            assertThatThrownBy(() -> ModelFile.adapter(adapters, path))
                    .isInstanceOf(InputRefusedException.class)
                    .hasMessageContaining(path.toString())
                    .hasMessageContaining("TensorFlow SavedModel")
                    .hasMessageContaining("tf.lite.TFLiteConverter.from_saved_model")
                    .hasMessageContaining("tf2onnx");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\u0008", "\u0008\u0001\u0012", "\u0008\u0001\u0012\u0007pytorch"})
    void otherBeginningsAreNoSavedModel(String beginning) throws IOException {
        Path file = Files.write(folder.resolve("model.named"), beginning.getBytes(StandardCharsets.ISO_8859_1));
        assertThat(ModelFile.adapter(adapters, file).name()).isEqualTo("named");
    }

    /** Recognises files by their name and first bytes, and opens none. */
    private record TestingRecogniser(String name, BiPredicate<Path, String> recognised) implements FrameworkAdapter {

        @Override
        public String description() {
            return "Files that are " + name + ".";
        }

        @Override
        public boolean recognises(Path file, byte[] head) {
            return recognised.test(file, new String(head, StandardCharsets.ISO_8859_1));
        }

        @Override
        public Model open(Path file, AdapterContext context) {
            throw new UnsupportedOperationException();
        }
    }
}
