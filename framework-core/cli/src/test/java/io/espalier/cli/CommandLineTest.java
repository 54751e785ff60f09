package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.cli.TestingCli.Result;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What holds for every command. */
class CommandLineTest {

    @Test
    @DisplayName("Help begins with what Espalier is and with examples")
    void help() {
        Result help = TestingCli.with().run("--help");

        assertThat(help.exitCode()).isZero();
        assertThat(help.err()).isEmpty();
        Golden.assertMatches("help.txt", help.out());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("commands")
    @DisplayName("Every command has a headline, an example and the options that all have")
    void everyCommandExplainsItself(List<String> path) {
        Result help = TestingCli.with()
                .run(Stream.concat(path.stream(), Stream.of("--help")).toArray(String[]::new));

        assertThat(help.exitCode()).isZero();
        assertThat(help.out().lines().findFirst().orElseThrow()).endsWith(".").hasSizeGreaterThan(20);
        assertThat(help.out()).contains("Examples:\n  espalier " + String.join(" ", path), "--help", "Exit codes:");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("leaves")
    @DisplayName("Every command that does something can print JSON, be quiet, be verbose and take plug-ins")
    void everyLeafHasTheCommonOptions(List<String> path) {
        Result help = TestingCli.with()
                .run(Stream.concat(path.stream(), Stream.of("--help")).toArray(String[]::new));

        assertThat(help.out()).contains("--json", "--quiet", "--verbose", "--no-color", "--plugins=DIR");
    }

    @Test
    @DisplayName("No command is a usage error that names the commands")
    void noCommand() {
        Result result = TestingCli.with().run();

        assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .startsWith("espalier: no command given; there are ")
                .contains("plugins", "version");
    }

    @Test
    @DisplayName("A word that is no command is answered with the commands, a guess only when it is near")
    void unknownCommand() {
        Result far = TestingCli.with().run("metrics");
        Result near = TestingCli.with().run("prnue");

        assertThat(far.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(far.err())
                .startsWith("espalier: there is no command 'metrics'; there are inspect, plan, prune")
                .contains("'espalier plugins list' shows criteria, metrics")
                .doesNotContain("did you mean");
        assertThat(near.err()).contains("did you mean prune?");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("commands")
    @DisplayName("'help' shows what --help shows, of every command")
    void helpCommand(List<String> path) {
        Result option = TestingCli.with()
                .run(Stream.concat(path.stream(), Stream.of("--help")).toArray(String[]::new));
        Result command = TestingCli.with()
                .run(Stream.concat(Stream.of("help"), path.stream()).toArray(String[]::new));

        assertThat(command.exitCode()).isZero();
        assertThat(command.out()).isEqualTo(option.out());
    }

    @Test
    @DisplayName("An option nobody knows is a usage error with a guess and without a stack trace")
    void unknownOption() {
        Result result = TestingCli.with().run("version", "--jsn");

        assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(result.err())
                .isEqualTo("espalier: Unknown option: '--jsn'; did you mean --json?\n"
                        + "'espalier version --help' shows what there is\n");
    }

    @Test
    @DisplayName("A defect is told in one sentence, and with a stack trace under -v")
    void defect() {
        TestingCli cli = TestingCli.loading(roots -> {
            throw new IllegalStateException("an\u001b[31m odd thing");
        });

        Result brief = cli.run("version");
        Result verbose = cli.run("version", "-v");

        assertThat(brief.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(brief.err())
                .contains("an\\u001b[31m odd thing", "run again with -v")
                .doesNotContain("    at ");
        assertThat(brief.err().lines()).hasSize(1);
        assertThat(verbose.err()).contains("    at io.espalier.cli").doesNotContain("\u001b");
    }

    @Test
    @DisplayName("A class that does not fit is a problem of a plug-in")
    void linkageError() {
        Result result = TestingCli.loading(roots -> {
                    throw new NoSuchMethodError("gone");
                })
                .run("version");

        assertThat(result.exitCode()).isEqualTo(ExitCode.PLUGIN);
        assertThat(result.err()).contains("gone").doesNotContain("\tat ");
    }

    @Test
    @DisplayName("Colour only on a terminal, and never against NO_COLOR or --no-color")
    void colour() {
        TestingCli failing = TestingCli.loading(roots -> {
            throw new IllegalStateException("x");
        });

        assertThat(failing.run("version").err()).doesNotContain("\u001b");
        assertThat(failing.onTerminal().run("version").err()).contains("\u001b[31m");
        assertThat(failing.run("version", "--no-color").err()).doesNotContain("\u001b");
        assertThat(failing.variable("NO_COLOR", "1").run("version").err()).doesNotContain("\u001b");
    }

    static Stream<List<String>> commands() {
        return paths(List.of(), commandLine());
    }

    static Stream<List<String>> leaves() {
        return commands()
                .filter(path -> commandAt(path).getSubcommands().isEmpty()
                        && !path.equals(List.of("help"))
                        && !path.equals(List.of("completion")));
    }

    private static Stream<List<String>> paths(List<String> path, CommandLine line) {
        return line.getSubcommands().entrySet().stream().flatMap(entry -> {
            List<String> longer =
                    Stream.concat(path.stream(), Stream.of(entry.getKey())).toList();
            return Stream.concat(Stream.of(longer), paths(longer, entry.getValue()));
        });
    }

    private static CommandLine commandAt(List<String> path) {
        CommandLine line = commandLine();
        for (String name : path) {
            line = line.getSubcommands().get(name);
        }
        return line;
    }

    private static CommandLine commandLine() {
        return TestingCli.commandLine();
    }
}
