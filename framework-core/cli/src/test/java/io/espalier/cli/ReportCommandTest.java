package io.espalier.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.cli.TestingCli.Result;
import io.espalier.events.Events;
import io.espalier.events.Journal;
import io.espalier.events.v1.Cost;
import io.espalier.events.v1.Evaluated;
import io.espalier.events.v1.EvaluationStage;
import io.espalier.events.v1.FileReference;
import io.espalier.events.v1.RunFinished;
import io.espalier.events.v1.RunStarted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportCommandTest {

    @TempDir
    private Path folder;

    private Path small;
    private Path smaller;

    @BeforeEach
    void run() throws IOException {
        small = run("small.onnx", 500, 0.9);
        smaller = run("smaller.onnx", 250, 0.8);
    }

    @Test
    @DisplayName("Without an output the page is written beside the model, from whichever file the run is named by")
    void beside() throws IOException {
        for (String named : List.of(small.toString(), small + ".events")) {
            Result result = TestingCli.with().run("report", named);

            assertThat(result.exitCode()).as(result.err()).isZero();
            assertThat(result.out()).isEqualTo("report   " + small + ".html\n");
            assertThat(Files.readString(Path.of(small + ".html"))).startsWith("<!doctype html>");
            Files.delete(Path.of(small + ".html"));
        }
    }

    @Test
    @DisplayName("Markdown refers to the figures that are written beside it, and to none that is not")
    void figures() throws IOException {
        Path report = folder.resolve("two runs.md");

        Result result = TestingCli.with()
                .run("report", small.toString(), smaller.toString(), "-o", report.toString(), "--json");
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(result.out()).contains("\"schema\" : \"espalier.report.v1\"", "two runs.runs.svg");
        assertThat(folder.resolve("two runs.runs.svg")).isNotEmptyFile();
        assertThat(Files.readString(report)).contains("# 2 runs", "50.00 %", "25.00 %", "](two%20runs.runs.svg)");

        Files.delete(folder.resolve("two runs.runs.svg"));
        TestingCli.with()
                .run("report", small.toString(), smaller.toString(), "-o", report.toString(), "--figures", "none");
        assertThat(Files.readString(report)).doesNotContain("![");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.filter(each -> each.toString().endsWith(".svg"))).isEmpty();
        }
    }

    @Test
    @DisplayName(
            "Models of other tools stand beside the runs; a broken line of them is a sentence, and nothing is written")
    void points() throws IOException {
        Path points = Files.writeString(
                folder.resolve("peers.tsv"), "tool\tmacs\tparameters\taccuracy\nShears\t0.493\t0.6\t0.77\n");
        Path report = folder.resolve("curves.md");
        String[] arguments = {
            "report", small.toString(), smaller.toString(), "--points", points.toString(), "-o", report.toString()
        };

        Result result = TestingCli.with().run(arguments);
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(Files.readString(report)).contains("| Shears | 49.30 % | 60.00 % | 77.00 % |", "](curves.runs.svg)");
        assertThat(folder.resolve("curves.runs.svg")).isNotEmptyFile();

        Files.delete(report);
        Files.writeString(points, "Shears\t49\t0.6\n", StandardOpenOption.APPEND);
        Result broken = TestingCli.with().run(arguments);
        assertThat(broken.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(broken.err()).contains("line 3 of '" + points + "' has 3 columns");
        assertThat(report).doesNotExist();
    }

    @Test
    @DisplayName("What is no report and what is no run are refused in a sentence, and nothing is written")
    void refused() {
        Result ending = TestingCli.with()
                .run("report", small.toString(), "-o", folder.resolve("r.pdf").toString());
        assertThat(ending.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(ending.err()).contains("ends in .html or .md");

        Path output = folder.resolve("r.html");
        Result missing = TestingCli.with()
                .run("report", small.toString(), folder.resolve("none.onnx").toString(), "-o", output.toString());
        assertThat(missing.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(missing.err()).contains("none.onnx.events", "name the model that a run wrote");
        assertThat(output).doesNotExist();
    }

    private Path run(String name, long macs, double accuracy) throws IOException {
        Path model = folder.resolve(name);
        try (Journal journal = Journal.create(Path.of(model + ".events"))) {
            Events events = new Events(name, "test", Clock.systemUTC(), List.of(journal));
            events.emit(RunStarted.newBuilder()
                    .setCommand("prune")
                    .setInput(FileReference.newBuilder().setPath("model.onnx"))
                    .build());
            events.emit(Evaluated.newBuilder()
                    .setStage(EvaluationStage.EVALUATION_STAGE_CUT)
                    .setAccuracy(accuracy)
                    .setExamples(100)
                    .build());
            events.emit(RunFinished.newBuilder()
                    .setOriginal(Cost.newBuilder().setMacs(1000).setParameters(10))
                    .setPruned(Cost.newBuilder().setMacs(macs).setParameters(5))
                    .build());
        }
        return model;
    }
}
