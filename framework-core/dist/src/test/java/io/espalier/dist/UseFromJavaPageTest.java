package io.espalier.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs of docs/use-from-java.md do what the page says. */
class UseFromJavaPageTest {

    private static final Path PAGE = Path.of("../../docs/use-from-java.md");
    private static final Pattern PROGRAM = Pattern.compile("```java\n([^`]*public class (\\w+)[^`]*)```");
    private static final Path MODEL = Launcher.example("fashion-resnet20.onnx");

    @TempDir
    private Path folder;

    @Test
    @DisplayName("A file is pruned in at most twelve lines with at most three imports")
    void pruneFile() throws Exception {
        assertThat(program("PruneFile").lines()).hasSizeLessThanOrEqualTo(12);
        assertThat(program("PruneFile").lines().filter(line -> line.startsWith("import ")))
                .hasSizeLessThanOrEqualTo(3);

        assertThat(run("PruneFile", MODEL, folder.resolve("pruned.onnx"))).matches("PROVED, \\d+ MACs are left\n");
        assertThat(folder.resolve("pruned.onnx")).isNotEmptyFile();
    }

    @Test
    @DisplayName("The same program prunes with the plug-ins of the assembled folder, and gives the same bytes")
    void assembledFolder() throws Exception {
        run("PruneFile", MODEL, folder.resolve("class-path.onnx"));
        String source = program("PruneFile")
                .replace("Espalier.open()", "Espalier.builder().plugins(Path.of(arguments[2])).build()");
        assertThat(source).contains("arguments[2]");

        String printed = run(
                Launcher.home().resolve("lib") + "/*",
                "PruneFile",
                source,
                MODEL,
                folder.resolve("folder.onnx"),
                Launcher.home().resolve("plugins"));

        assertThat(printed).contains("PROVED, ");
        assertThat(folder.resolve("folder.onnx")).hasSameBinaryContentAs(folder.resolve("class-path.onnx"));
    }

    @Test
    @DisplayName("A criterion is used as an object, without a plug-in")
    void ownCriterion() throws Exception {
        assertThat(run("OwnCriterion", MODEL, folder.resolve("pruned.onnx"))).isEqualTo("pruned by spread\n");
    }

    @Test
    @DisplayName("A handler hears all events, in order")
    void events() throws Exception {
        List<String> lines =
                run("WatchRun", MODEL, folder.resolve("pruned.onnx")).lines().toList();

        assertThat(lines).startsWith("1 RUN_STARTED", "2 WORK_STARTED", "3 MODEL_LIFTED");
        assertThat(lines.get(lines.size() - 1)).endsWith("RUN_FINISHED");
        assertThat(lines).anyMatch(line -> line.matches("measuring latency: \\d+ of \\d+"));
    }

    @Test
    @DisplayName("A run that is cancelled ends with its own exception and writes no model")
    void cancellation() throws Exception {
        Path output = folder.resolve("pruned.onnx");

        assertThat(run("StopRun", MODEL, output)).isEqualTo("stopped, and nothing was written\n");
        assertThat(output).doesNotExist();
    }

    @Test
    @DisplayName("A plan is read, replayed, and the result is verified")
    void planFirst() throws Exception {
        String printed = run("PlanFirst", MODEL, folder.resolve("pruned.onnx"));

        assertThat(printed)
                .containsPattern("(?m)^\\S+: \\d+ of \\d+$")
                .containsPattern("(?m)^  \\S+, axis \\d: \\[\\d");
        assertThat(printed.lines().reduce((first, second) -> second).orElseThrow())
                .matches("PROVED again on \\d+ inputs");
    }

    @Test
    @DisplayName("A model is looked at")
    void lookAt() throws Exception {
        assertThat(run("LookAt", MODEL))
                .contains("31021952 MACs, ")
                .contains("frozen: ")
                .contains("coupled: ");
    }

    @Test
    @DisplayName("Every program of the page is run by a test of this class")
    void allPrograms() throws IOException {
        assertThat(programs().stream().map(each -> each.group(2)))
                .containsExactly("PruneFile", "OwnCriterion", "WatchRun", "StopRun", "PlanFirst", "LookAt");
    }

    private String run(String name, Path... arguments) throws Exception {
        return run(System.getProperty("java.class.path"), name, program(name), arguments);
    }

    /** Compiles and runs a program, which must end well and print nothing but its own output. */
    private String run(String classPath, String name, String source, Path... arguments) throws Exception {
        Path file = Files.writeString(folder.resolve(name + ".java"), source);
        Path out = folder.resolve(name + ".out");
        Path err = folder.resolve(name + ".err");
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), file.toString()));
        for (Path argument : arguments) {
            command.add(argument.toString());
        }

        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        // Not an argument: onnxruntime 1.29 crashes when a command line is longer than 4096 bytes.
        builder.environment().put("CLASSPATH", classPath);
        Process process = builder.start();

        assertThat(process.waitFor()).as(Files.readString(err)).isZero();
        return Files.readString(out);
    }

    private static String program(String name) throws IOException {
        return programs().stream()
                .filter(each -> each.group(2).equals(name))
                .map(each -> each.group(1))
                .findFirst()
                .orElseThrow();
    }

    private static List<MatchResult> programs() throws IOException {
        return PROGRAM.matcher(Files.readString(PAGE)).results().toList();
    }
}
