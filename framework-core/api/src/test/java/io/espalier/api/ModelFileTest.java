package io.espalier.api;

import static org.assertj.core.api.Assertions.assertThat;

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
