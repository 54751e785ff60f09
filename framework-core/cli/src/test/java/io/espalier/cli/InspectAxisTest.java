package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.cli.TestingCli.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InspectAxisTest {

    @TempDir
    private Path folder;

    private Path model;

    @BeforeEach
    void writeModel() throws IOException {
        model = Files.writeString(folder.resolve("small.graph"), "GRAPH");
    }

    private Result inspect(String... options) {
        String[] arguments = new String[options.length + 2];
        arguments[0] = "inspect";
        arguments[1] = model.toString();
        System.arraycopy(options, 0, arguments, 2, options.length);
        return TestingCli.with(new TestingAdapter()).run(arguments);
    }

    @Test
    @DisplayName("What goes with a channel, through which operators, and what it saves; names cannot move the cursor")
    void text() {
        Result result = inspect("--axis", "first.weight:0");

        assertThat(result.exitCode()).as(result.err()).isZero();
        Golden.assertMatches("inspect-axis.txt", result.out());
        assertThat(result.out()).doesNotContain("\u001b");
    }

    @Test
    @DisplayName("What keeps an axis, and the way to it")
    void blocked() {
        Result result = inspect("--axis", "head.weight:0");

        assertThat(result.exitCode()).as(result.err()).isZero();
        Golden.assertMatches("inspect-axis-blocked.txt", result.out());
    }

    @Test
    @DisplayName("The same as JSON, with what one channel saves as inspect says it")
    void json() throws IOException {
        Result result = inspect("--axis", "first.weight:0", "--json");
        JsonNode groups = new ObjectMapper().readTree(inspect("--json").out()).at("/groups");

        assertThat(result.exitCode()).isZero();
        Golden.assertMatches("inspect-axis.json", result.out());
        JsonNode part = new ObjectMapper().readTree(result.out()).at("/axes/0/parts/0");
        assertThat(part.get("parameters").asLong())
                .isEqualTo(groups.get(part.get("group").asInt())
                        .get("parametersPerChannel")
                        .asLong());
    }

    @Test
    @DisplayName("A graph for Graphviz whose names are quoted, and where barriers are red")
    void dot() {
        Result axis = inspect("--axis", "head.weight:0", "--dot");
        Result all = inspect("--dot");

        Golden.assertMatches("inspect-axis.dot", axis.out());
        Golden.assertMatches("inspect.dot", all.out());
        assertThat(all.out()).doesNotContain("\u001b");
        all.out()
                .lines()
                .forEach(line -> assertThat(line.replaceAll("\\\\.", "")
                                        .chars()
                                        .filter(each -> each == '"')
                                        .count()
                                % 2)
                        .as(line)
                        .isZero());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "first.weight  | names no axis; 'first.weight' has the axes 0 to 3, so give first.weight:0",
                "first.weight:4 | 'first.weight' has no axis 4; 'first.weight' has the axes 0 to 3",
                "head.bias:1 | 'head.bias' has axis 0 only",
                "first.wieght:0 | no value or weight 'first.wieght' of known shape; did you mean 'first.weight'?",
                "HEAD:0 | names that hold it: head.weight, head.bias",
                "nowhere | names no axis; give a value or weight and the number of its axis",
                "first.weight:99999999999 | names no axis",
                "image:-1 | names no axis",
            })
    @DisplayName("A name or axis the model does not have is told with those it has, with code 2")
    void unknown(String axis, String sentence) {
        Result result = inspect("--axis", axis);

        assertThat(result.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains(sentence);
        assertThat(result.err().lines()).hasSize(1);
    }

    @Test
    @DisplayName("Two forms of the result contradict each other")
    void twoForms() {
        assertThat(inspect("--dot", "--json").exitCode()).isEqualTo(ExitCode.USAGE);
    }
}
