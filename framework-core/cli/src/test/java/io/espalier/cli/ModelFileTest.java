package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.host.Catalogue;
import io.espalier.spi.adapter.FrameworkAdapter;
import io.espalier.spi.adapter.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelFileTest {

    @TempDir
    private Path folder;

    private final Catalogue catalogue = Catalogue.of(new ByName(), new TestingAdapter());

    @ParameterizedTest
    @ValueSource(strings = {"model.named", "model.testing", "model"})
    void contentGoesBeforeTheName(String name) throws IOException {
        Path file = Files.writeString(folder.resolve(name), "GRAPH");
        assertThat(ModelFile.adapter(catalogue, file).name()).isEqualTo("testing");
    }

    @Test
    void theNameDecidesAboutContentNobodyKnows() throws IOException {
        Path file = Files.writeString(folder.resolve("broken.named"), "?");
        assertThat(ModelFile.adapter(catalogue, file).name()).isEqualTo("named");
    }

    /** Opens files with its extension, whatever they hold, to say what is wrong with them. */
    private static final class ByName implements FrameworkAdapter {

        @Override
        public String name() {
            return "named";
        }

        @Override
        public String description() {
            return "Files called .named.";
        }

        @Override
        public boolean recognises(Path file, byte[] head) {
            return file.toString().endsWith(".named");
        }

        @Override
        public Model open(Path file) {
            throw new UnsupportedOperationException();
        }
    }
}
