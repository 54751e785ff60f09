package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.cli.TestingCli.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectCommandTest {

    @TempDir
    private Path folder;

    private Path model;
    private final TestingCli cli = TestingCli.with(new TestingAdapter());

    @BeforeEach
    void writeModel() throws IOException {
        model = Files.writeString(folder.resolve("small.graph"), "GRAPH");
    }

    @Test
    @DisplayName("Costs, groups and barriers; names from the file cannot move the cursor")
    void text() {
        Result result = cli.run("inspect", model.toString());

        assertThat(result.exitCode()).isZero();
        assertThat(result.err()).isEmpty();
        Golden.assertMatches("inspect.txt", result.out());
        assertThat(result.out()).doesNotContain("\u001b");
    }

    @Test
    @DisplayName("The same as JSON")
    void json() {
        Result result = cli.run("inspect", model.toString(), "--json");

        assertThat(result.exitCode()).isZero();
        Golden.assertMatches("inspect.json", result.out());
    }

    @Test
    @DisplayName("Costs are those of the extents that were asked for")
    void extents() {
        String one = macs(cli.run("inspect", model.toString(), "--dim", "batch=1"));
        String two = macs(cli.run("inspect", model.toString(), "--dim", "batch=2"));

        assertThat(Long.parseLong(two)).isEqualTo(2 * Long.parseLong(one)).isPositive();
    }

    private static String macs(Result result) {
        return result.out()
                .lines()
                .filter(line -> line.startsWith("MACs"))
                .findFirst()
                .orElseThrow()
                .replaceAll("MACs +([0-9,]+).*", "$1")
                .replace(",", "");
    }

    @Test
    @DisplayName("An extent the model does not have is told with those it has")
    void unknownExtent() {
        Result result = cli.run("inspect", model.toString(), "--dim", "time=3");

        assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(result.err()).contains("'time'", "batch");
    }

    @Test
    @DisplayName("A missing file, a folder and another kind of file are told apart, with code 5")
    void unusableFiles() throws IOException {
        Path text = Files.writeString(folder.resolve("notes.txt"), "hello");

        assertModelError(cli.run("inspect", folder.resolve("none").toString()), "there is no file");
        assertModelError(cli.run("inspect", folder.toString()), "is a folder");
        assertModelError(cli.run("inspect", text.toString()), "(adapters: testing)");
    }

    @Test
    @DisplayName("What the adapter says about a broken file is shown as it is, with code 5")
    void brokenFile() throws IOException {
        Files.writeString(model, "GRAPH BROKEN");

        assertModelError(cli.run("inspect", model.toString()), "is broken at byte 6; export the model again");
    }

    @Test
    @DisplayName("Without any adapter the plug-ins are to blame")
    void noAdapter() {
        Result result = TestingCli.with().run("inspect", model.toString());

        assertThat(result.exitCode()).isEqualTo(ExitCode.PLUGIN);
        assertThat(result.err()).contains("no plug-in reads models", "espalier plugins doctor");
    }

    private static void assertModelError(Result result, String sentence) {
        assertThat(result.exitCode()).isEqualTo(ExitCode.MODEL);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains(sentence).doesNotContain("\tat ");
        assertThat(result.err().lines()).hasSize(1);
    }
}
