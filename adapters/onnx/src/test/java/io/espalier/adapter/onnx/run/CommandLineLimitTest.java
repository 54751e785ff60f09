package io.espalier.adapter.onnx.run;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.spi.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandLineLimitTest {

    @TempDir
    private Path folder;

    private Path commandLine(int bytes) throws IOException {
        return Files.write(folder.resolve("cmdline"), new byte[bytes]);
    }

    @Test
    void commandLinesUpToTheLimitAreAccepted() throws IOException {
        for (int bytes : new int[] {0, 1, 3899, 3900}) {
            Path file = commandLine(bytes);
            assertThatCode(() -> CommandLineLimit.require(file))
                    .as("%d bytes", bytes)
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void longerCommandLinesAreRefused() throws IOException {
        for (int bytes : new int[] {3901, 4096, 100_000}) {
            Path file = commandLine(bytes);
            assertThatThrownBy(() -> CommandLineLimit.require(file))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("has " + bytes + " bytes")
                    .hasMessageContaining("CLASSPATH")
                    .hasMessageContaining("@FILE");
        }
    }

    @Test
    void systemsWithoutSuchAFileHaveNoLimit() {
        assertThatCode(() -> CommandLineLimit.require(folder.resolve("none"))).doesNotThrowAnyException();
    }
}
