package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Keeps {@code docs/cli.md} true. */
class CliDocsTest {

    private static final Path DOCS = Path.of("../../docs/cli.md");
    private static final String COMMANDS = "## Commands\n";

    @Test
    @DisplayName("docs/cli.md holds the help of every command, word for word")
    void helpOfEveryCommand() throws IOException {
        String page = Files.readString(DOCS);
        int commands = page.indexOf(COMMANDS);
        int firstBlock = page.indexOf("\n### ", commands);
        String prose =
                page.substring(0, firstBlock < 0 ? page.length() : firstBlock).stripTrailing();
        StringBuilder expected = new StringBuilder(prose + "\n");
        CommandLineTest.commands().forEach(path -> expected.append(block(path)));
        Path actual = Path.of("target/golden/cli.md");
        Files.createDirectories(actual.getParent());
        Files.writeString(actual, expected);

        assertThat(page)
                .as("%s; if help changed on purpose, copy %s over it", DOCS, actual)
                .isEqualTo(expected.toString());
    }

    @Test
    @DisplayName("The table of exit codes is the one in the help")
    void exitCodes() throws IOException {
        String page = Files.readString(DOCS);
        String help = TestingCli.with().run("--help").out();
        List<String> codes = help.substring(help.indexOf("Exit codes:\n") + 12)
                .lines()
                .map(String::strip)
                .toList();

        assertThat(codes).hasSize(9);
        assertThat(codes).allSatisfy(code -> {
            String[] parts = code.split("\\s+", 2);
            assertThat(page).contains("| " + parts[0] + " | " + parts[1]);
        });
    }

    private static String block(List<String> path) {
        String help = TestingCli.with()
                .run(Stream.concat(path.stream(), Stream.of("--help")).toArray(String[]::new))
                .out();
        String withoutCodes = help.substring(0, help.indexOf("\nExit codes:\n"));
        String lines = String.join(
                "\n",
                Arrays.stream(withoutCodes.split("\n"))
                        .map(String::stripTrailing)
                        .toList());
        return "\n### espalier " + String.join(" ", path) + "\n\n```\n" + lines + "\n```\n";
    }
}
