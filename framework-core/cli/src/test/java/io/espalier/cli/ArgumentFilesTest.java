package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.cli.TestingCli.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/** Options in files stand for options that are typed. */
class ArgumentFilesTest {

    @TempDir
    private Path folder;

    private String config(String yaml) throws IOException {
        return Files.writeString(folder.resolve("prune.yaml"), yaml).toString();
    }

    private static List<String> expanded(String... arguments) {
        return List.of(ArgumentFiles.expanded(TestingCli.commandLine(), arguments));
    }

    @Test
    @DisplayName("Scalars, lists and mappings become options as they would be typed")
    void forms() throws IOException {
        String file = config("""
                # what and how
                model: a model.onnx
                target: accuracy=-1
                calibration: [train.npz:train:512, more.npz]
                data-option:
                  scale: 1/255
                  mean: 0.10
                no-latency: true
                force: false
                minimise: params
                """);

        assertThat(expanded("prune", "--config", file, "-o", "out.onnx"))
                .containsExactly(
                        "prune",
                        "--config",
                        file,
                        "-o",
                        "out.onnx",
                        "a model.onnx",
                        "--target=accuracy=-1",
                        "--calibration=train.npz:train:512",
                        "--calibration=more.npz",
                        "--data-option=scale=1/255",
                        "--data-option=mean=0.10",
                        "--no-latency",
                        "--minimize=params");
    }

    @Test
    @DisplayName("What is typed counts more, under whichever of its names and in whichever form")
    void typedCountsMore() throws IOException {
        String file = config("model: a.onnx\noutput: a\ntarget: macs=50%\nminimize: macs\nquiet: true\n");

        assertThat(expanded(
                        "prune", "b.onnx", "--target=macs=70%", "--config=" + file, "-ob", "--minimise", "bytes", "-q"))
                .hasSize(8);
    }

    @Test
    @DisplayName("Without a file nothing changes, and an empty file says nothing")
    void nothing() throws IOException {
        assertThat(expanded("prune", "m.onnx", "--target", "macs=50%"))
                .containsExactly("prune", "m.onnx", "--target", "macs=50%");
        assertThat(expanded("plan", "--config", config("# nothing\n"))).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "target: a\\ntargte: b | line 2: 'espalier prune' has no key 'targte'; did you mean 'target'?",
                "target: a\\ntarget: b | line 2: the key 'target' comes twice",
                "target: [a, b] | line 1: 'target' takes one value",
                "no-latency: maybe | line 1: 'no-latency' is true or false",
                "- a | line 1: options are keys with values",
                "a: [b | no YAML",
                "config: other.yaml | has no key 'config'",
                "zzz: 1 | has no key 'zzz'; docs/config.md lists them"
            })
    @DisplayName("What makes no sense is a usage error that names the place")
    void refused(String yaml, String message) throws IOException {
        Result result = TestingCli.with().run("prune", "--config", config(yaml.replace("\\n", "\n")), "-o", "o.onnx");

        assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(result.err()).contains(message).hasLineCount(1);
        assertThat(TestingCli.with()
                        .run("prune", "--config", "none.yaml", "-o", "o")
                        .exitCode())
                .isEqualTo(ExitCode.USAGE);
    }

    @Test
    @DisplayName("A picked point is a target with the options of its search; another target beside it is refused")
    void point() throws IOException {
        Path file = Path.of("src/test/resources/small.search.json");

        assertThat(expanded("prune", "--from-search", file.toString(), "--pick", "2", "-o", "b", "--data=other.npz"))
                .contains("--target=macs=40%", "--calibration=train.npz", "m.onnx", "--no-latency")
                .doesNotContain("--data=valid.npz");
        assertThat(expanded("prune", "--from-search", file.toString(), "-o", "b"))
                .contains("--target=macs=60.5%");
        Result both =
                TestingCli.with().run("prune", "--from-search", file.toString(), "--target", "macs=1%", "-o", "b");
        assertThat(both.err()).contains("choose one with --pick");
        Result far = TestingCli.with().run("prune", "--from-search", file.toString(), "--pick", "9", "-o", "b");
        assertThat(far.err()).contains("no point 9").contains("1 to 2");
    }

    @Test
    @DisplayName("A latency is picked with the table that lies beside the search, unless another is typed")
    void latency() throws IOException {
        String text = Files.readString(Path.of("src/test/resources/small.search.json"))
                .replace(
                        "\"minimized\" : \"macs\"",
                        "\"minimized\" : \"latency\", \"latencyTable\" :"
                                + " { \"file\" : \"o.latency.json\", \"digest\" : \"00\" }")
                .replace("\"value\"", "\"latencyNanos\" : 7, \"value\"");
        Path file = Files.writeString(folder.resolve("timed.search.json"), text);

        assertThat(expanded("prune", "--from-search", file.toString(), "-o", "b"))
                .contains("--target=latency=60.5%", "--latency-table=" + folder.resolve("o.latency.json"));
        assertThat(expanded("prune", "--from-search", file.toString(), "-o", "b", "--latency-table=c"))
                .contains("--latency-table=c")
                .doesNotContain("--latency-table=" + folder.resolve("o.latency.json"));
    }

    static Stream<String> commands() {
        return Stream.of("prune", "plan", "train");
    }

    @Test
    @DisplayName("docs/config.md has every key of every command that takes a file")
    void page() throws IOException {
        Path page = Path.of("../../docs/config.md");
        String text = Files.readString(page);
        String prose = text.substring(0, text.indexOf("\n## Keys of ")).stripTrailing();
        StringBuilder expected = new StringBuilder(prose + "\n");
        CommandLine line = TestingCli.commandLine();
        commands()
                .forEach(name ->
                        expected.append(table(line.getSubcommands().get(name).getCommandSpec())));
        Path actual = Path.of("target/golden/config.md");
        Files.createDirectories(actual.getParent());
        Files.writeString(actual, expected);

        assertThat(text)
                .as("%s; if options changed on purpose, copy %s over it", page, actual)
                .isEqualTo(expected.toString());
    }

    private static String table(CommandSpec command) {
        StringBuilder table = new StringBuilder(
                "\n## Keys of `" + command.name() + "`\n\n| key | value | what it says |\n|---|---|---|\n");
        for (ArgSpec key : ArgumentFiles.keys(command)) {
            String says = String.join(" ", key.description()).replace("%n", " ").replace("%%", "%");
            String value = key.defaultValue() == null ? "" : key.defaultValue();
            table.append("| `")
                    .append(ArgumentFiles.key(key))
                    .append("` | ")
                    .append(form(key))
                    .append(" | ")
                    .append(says.replace("${DEFAULT-VALUE}", value).replace("|", "\\|"))
                    .append(" |\n");
        }
        return table.toString();
    }

    private static String form(ArgSpec key) {
        if (ArgumentFiles.isFlag(key)) {
            return "true or false";
        }
        String label = key.paramLabel().replace("|", "\\|");
        if (key.typeInfo().isMap()) {
            return "mapping or list of " + label;
        }
        return key.isMultiValue() ? label + ", or a list of them" : label;
    }
}
