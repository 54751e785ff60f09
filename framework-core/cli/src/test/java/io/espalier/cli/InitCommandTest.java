package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.cli.TestingCli.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InitCommandTest {

    @TempDir
    private Path folder;

    private Path model;
    private Path data;
    private Path output;
    private final TestingCli cli = TestingCli.with(new TestingAdapter());

    @BeforeEach
    void files() throws IOException {
        model = Files.writeString(folder.resolve("a \"b\".graph"), "GRAPH");
        data = Files.writeString(folder.resolve("valid.npz"), "");
        output = folder.resolve("prune.yaml");
    }

    private Result init(String answers, String... more) {
        List<String> arguments = new ArrayList<>(List.of("init", model.toString(), "-o", output.toString()));
        arguments.addAll(List.of(more));
        return cli.answering(answers).run(arguments.toArray(String[]::new));
    }

    private List<String> options() {
        return List.of(ArgumentFiles.expanded(TestingCli.commandLine(), "prune", "--config", output.toString()))
                .subList(3, 3 + ConfigFile.read(output).size());
    }

    @Test
    @DisplayName("Answers become options that prune reads; wrong ones are asked for again")
    void answers() {
        Result result = init("nowhere.npz\n" + data + ":2000\n\nhalf\nparams = 30%\n");

        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.err()).contains("'nowhere.npz' cannot be used", "'half' cannot be used");
        assertThat(options()).containsExactly(model.toString(), "--data=" + data + ":2000", "--target=params = 30%");
    }

    @Test
    @DisplayName("No answers at all take what is usual for what is there")
    void usual() {
        assertThat(init("").exitCode()).isZero();

        assertThat(options()).containsExactly(model.toString(), "--target=macs=50%");
    }

    @Test
    @DisplayName("A file that is there stays, unless it may be replaced")
    void keeps() throws IOException {
        Files.writeString(output, "mine");

        assertThat(init("").exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(output).hasContent("mine");
        assertThat(init(data + "\n\n\n", "--force").exitCode()).isZero();
        assertThat(options()).contains("--target=accuracy=-1");
    }
}
