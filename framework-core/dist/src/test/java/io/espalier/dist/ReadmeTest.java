package io.espalier.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.dist.Launcher.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows is what happens. */
class ReadmeTest {

    private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

    /** A command line, with its continuation lines, and what it printed. */
    private static final Pattern CAPTURE = Pattern.compile("```\n\\$ \\./espalier ((?:.*\\\\\n)*.*)\n([^`]*)```");

    @TempDir
    private Path folder;

    @Test
    @DisplayName("The captured commands print what is shown, but for times")
    void captures() throws IOException {
        List<MatchResult> captures = CAPTURE.matcher(readme()).results().toList();

        assertThat(captures).hasSize(2);
        for (MatchResult capture : captures) {
            List<String> arguments = new ArrayList<>(
                    Arrays.asList(capture.group(1).replace("\\\n", " ").strip().split("\\s+")));
            int output = arguments.indexOf("-o") + 1;
            arguments.set(output, folder.resolve(arguments.get(output)).toString());
            arguments.addAll(List.of("--latency-runs", "3"));

            Result result = new Launcher(ROOT).run(arguments.toArray());

            assertThat(result.exitCode()).as(result.err()).isZero();
            assertThat(timeless(result.out())).isEqualTo(timeless(capture.group(2)));
        }
    }

    /** Lines that do not depend on the machine: no times, no paths, no rounding of the runtime, no column widths. */
    private static List<String> timeless(String printed) {
        return printed.lines()
                .filter(line -> line.matches("(parameters|MACs|file size|accuracy).*"))
                .map(line -> line.replaceAll("accuracy.*", "accuracy").replaceAll(" +", " "))
                .toList();
    }

    @Test
    @DisplayName(
            "The criterion and the manifest shown are those of a new project, which the commands shown make and use")
    void criterion() throws IOException {
        TestingProject project = TestingProject.make(folder, "criterion", "linf");
        String pom = Files.readString(project.folder().resolve("pom.xml"))
                .replace("&gt;", ">")
                .replace("&lt;", "<")
                .replace("&amp;", "&")
                .replace("${project.artifactId}", "criterion-linf")
                .replace("${project.version}", "1.0.0")
                .replace("${project.description}", "The criterion linf");

        assertThat(javaBlock(1))
                .isEqualTo(Files.readString(project.folder().resolve("src/main/java/com/example/LinfCriterion.java")));
        assertThat(javaBlock(1).lines()).hasSizeLessThanOrEqualTo(25);
        assertThat(readme().lines().filter(line -> line.startsWith("Plugin-")).toList())
                .hasSize(4)
                .allSatisfy(line -> {
                    String[] entry = line.split(": ", 2);
                    assertThat(pom).contains("<" + entry[0] + ">" + entry[1] + "</" + entry[0] + ">");
                });
        String page = Files.readString(ROOT.resolve("docs/write-a-criterion.md"));
        assertThat(readme()).contains(page.substring(page.indexOf("```\n./espalier"), page.indexOf("```\n\n")));
    }

    @Test
    @DisplayName("The program that reads a journal runs as shown")
    void journal() throws Exception {
        Path program = Files.writeString(folder.resolve("ReadJournal.java"), javaBlock(2));
        new Launcher(folder)
                .run(
                        "prune",
                        Launcher.example("fashion-resnet20.onnx"),
                        "--target",
                        "macs=80%",
                        "--no-latency",
                        "-o",
                        "small.onnx");
        Path out = folder.resolve("out");

        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        Launcher.home().resolve("lib") + "/*",
                        program.toString(),
                        folder.resolve("small.onnx.events").toString())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();

        assertThat(process.waitFor()).as(Files.readString(out)).isZero();
        assertThat(Files.readString(out).lines())
                .startsWith("1 RUN_STARTED", "2 WORK_STARTED", "3 MODEL_LIFTED")
                .last()
                .asString()
                .endsWith("RUN_FINISHED");
    }

    private static String javaBlock(int index) throws IOException {
        return Pattern.compile("```java\n([^`]*)```")
                .matcher(readme())
                .results()
                .map(block -> block.group(1))
                .toList()
                .get(index);
    }

    private static String readme() throws IOException {
        return Files.readString(ROOT.resolve("README.md"));
    }
}
