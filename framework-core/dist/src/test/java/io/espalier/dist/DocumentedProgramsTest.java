package io.espalier.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The programs of docs/zoo and docs/benchmarks, which their scripts compile, compile against the modules as they are now. */
class DocumentedProgramsTest {

    private static final List<Path> FOLDERS = List.of(Path.of("../../docs/zoo"), Path.of("../../docs/benchmarks"));

    /** WriteDl4jNetworks writes networks that tests of the adapter build. */
    private static final Path DL4J_TESTS = Path.of("../../adapters/dl4j/target/test-classes");

    @TempDir
    private Path classes;

    @TestFactory
    Stream<DynamicTest> programsCompile() throws IOException {
        for (Path folder : FOLDERS) {
            assertThat(programs(folder)).as("programs of %s", folder).isNotEmpty();
        }
        return FOLDERS.stream()
                .flatMap(folder -> programs(folder).stream())
                .map(program -> dynamicTest(program.getFileName().toString(), () -> assertCompiles(program)));
    }

    private void assertCompiles(Path program) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter messages = new StringWriter();
        List<String> flags = List.of(
                "--release",
                "17",
                "-proc:none",
                "-nowarn",
                "-cp",
                System.getProperty("java.class.path") + File.pathSeparator + DL4J_TESTS,
                "-d",
                classes.toString());
        try (StandardJavaFileManager files =
                compiler.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8)) {
            boolean compiled = compiler.getTask(messages, files, null, flags, null, files.getJavaFileObjects(program))
                    .call();
            assertThat(compiled).as(messages.toString()).isTrue();
        }
    }

    private static List<Path> programs(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
