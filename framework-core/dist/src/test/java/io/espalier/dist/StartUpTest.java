package io.espalier.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.dist.Launcher.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run does not need costs it nothing: the libraries of adapters are left alone until a file of theirs is opened. */
class StartUpTest {

    /** A class and the library it came out of, as the JVM logs them. */
    private static final Pattern FROM_LIBRARY = Pattern.compile("source: \\S*/plugins/([^/]+)/lib/");

    @TempDir
    private Path folder;

    @Test
    @DisplayName("To list what there is, no class of any adapter's libraries is loaded")
    void listing() throws IOException {
        assertThat(loadedLibraries("plugins", "list", "-v")).isEmpty();
    }

    @Test
    @DisplayName("A file that nobody can read brings no library in")
    void unknownFile() throws IOException {
        Path unknown = Files.write(folder.resolve("unknown.bin"), new byte[] {1, 2, 3, 4, 5});
        assertThat(loadedLibraries("inspect", unknown)).isEmpty();
    }

    @Test
    @DisplayName("A run on an ONNX file loads the libraries of that adapter alone")
    void onnxFile() throws IOException {
        assertThat(loadedLibraries("inspect", Launcher.example("fashion-resnet20.onnx")))
                .containsOnly("onnx");
    }

    @Test
    @DisplayName("A run that wants neither meters nor Kafka loads no class of theirs")
    void meters() throws IOException {
        loadedLibraries("plan", Launcher.example("fashion-resnet20.onnx"), "--target", "macs=50%");

        assertThat(folder.resolve("classes.log"))
                .content()
                .contains("io.espalier.cli.PlanCommand")
                .doesNotContain("io.micrometer", "io.prometheus", "org.apache.kafka", "com.sun.net.httpserver");
    }

    /** The plug-in folders out of whose libraries classes were loaded. */
    private List<String> loadedLibraries(Object... command) throws IOException {
        Path log = folder.resolve("classes.log");
        Result result =
                new Launcher(folder).jvm("-Xlog:class+load=info:file=" + log).run(command);
        assertThat(result.err()).doesNotContain("Exception");
        try (Stream<String> lines = Files.lines(log)) {
            return lines.flatMap(line -> FROM_LIBRARY.matcher(line).results())
                    .map(found -> found.group(1))
                    .distinct()
                    .sorted()
                    .toList();
        }
    }
}
