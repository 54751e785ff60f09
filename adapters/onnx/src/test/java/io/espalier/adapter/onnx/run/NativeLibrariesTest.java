package io.espalier.adapter.onnx.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The folder of the native libraries does not outlive their loading. */
final class NativeLibrariesTest {

    private static final String PROPERTY = "onnxruntime.native.path";

    @Test
    void nothingIsLeftOnceTheyAreLoaded() {
        Path folder;
        NativeLibraries unpacked = NativeLibraries.unpack();
        try (unpacked) {
            folder = Path.of(System.getProperty(PROPERTY));
            assertThat(folder).isNotEmptyDirectory();
        }
        assertThat(folder).doesNotExist();
        assertThat(System.getProperty(PROPERTY)).isNull();
    }
}
