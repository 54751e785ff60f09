package io.espalier.dist;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.espalier.api.Search;
import io.espalier.api.Search.Point;
import io.espalier.dist.Launcher.Result;
import io.espalier.events.JournalReader;
import io.espalier.events.v1.PruningEvent;
import io.espalier.events.v1.TrialEnded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An accuracy as the target: found, interrupted, picked from, and refused where the data cannot show it. */
@Timeout(300)
class AccuracySearchTest {

    private static final Path DATA = Launcher.example("fashion-mnist-test.npz");
    private static final Path CALIBRATION = Launcher.example("fashion-mnist-calibration.npz");

    @TempDir
    private Path folder;

    @TempDir
    private Path captured;

    private Launcher launcher() {
        return new Launcher(folder);
    }

    private static Object[] search(String output, String examples, Object... more) {
        List<Object> arguments = new ArrayList<>(List.of(
                "prune",
                Launcher.example("fashion-mobilenet.onnx"),
                "--target",
                "accuracy=-2.5",
                "--calibration",
                CALIBRATION + ":64",
                "--data",
                DATA + examples,
                "--no-latency",
                "-o",
                output));
        arguments.addAll(List.of(more));
        return arguments.toArray();
    }

    private List<TrialEnded> trials(String output) throws IOException {
        return JournalReader.read(folder.resolve(output + ".events")).events().stream()
                .filter(PruningEvent::hasTrialEnded)
                .map(PruningEvent::getTrialEnded)
                .toList();
    }

    private Search record(String output) {
        return Search.read(Search.file(folder.resolve(output)));
    }

    @Test
    @DisplayName("A run that is killed goes on from its trials, and ends with the same record and the same model")
    void killed() throws Exception {
        Result whole = launcher().run(search("whole.onnx", ":1000", "--max-trials", 5));
        assertThat(whole.exitCode()).as(whole.err()).isZero();
        Search found = record("whole.onnx");
        Point chosen = found.point(found.chosen().orElseThrow());

        assertThat(chosen.value()).isGreaterThanOrEqualTo(found.original() - 0.025 - 1e-9);
        assertThat(found.curve())
                .hasSizeGreaterThan(2)
                .isSortedAccordingTo((one, other) ->
                        Long.compare(other.cost().macs(), one.cost().macs()));
        assertThat(whole.out())
                .contains("accuracy=-2.5 is kept by " + chosen.target(), "standard error", "1,000 examples", "proved");
        assertThat(trials("whole.onnx"))
                .hasSize(5)
                .extracting(TrialEnded::getTarget)
                .doesNotHaveDuplicates();

        Process killed = launcher()
                .start(
                        captured.resolve("out"),
                        captured.resolve("err"),
                        search("again.onnx", ":1000", "--max-trials", 5));
        Path record = Search.file(folder.resolve("again.onnx"));
        while (!Files.exists(record) || record("again.onnx").trials() < 2) {
            assertThat(killed.isAlive())
                    .as(Files.readString(captured.resolve("err")))
                    .isTrue();
            TimeUnit.MILLISECONDS.sleep(20);
        }
        killed.destroyForcibly().waitFor();
        assertThat(folder.resolve("again.onnx")).doesNotExist();
        int made = record("again.onnx").trials();
        Result resumed = launcher().run(search("again.onnx", ":1000", "--max-trials", 5));

        assertThat(resumed.exitCode()).as(resumed.err()).isZero();
        assertThat(trials("again.onnx")).hasSize(5 - made);
        assertThat(resumed.err()).contains("went on from " + made + " trials");
        assertThat(record("again.onnx")).isEqualTo(found);
        assertThat(Files.mismatch(folder.resolve("whole.onnx"), folder.resolve("again.onnx")))
                .isEqualTo(-1);
    }

    @Test
    @DisplayName("Another point of the curve is written with the options of the search, and measured on other examples")
    void picked() throws IOException {
        Result first = launcher().run(search("first.onnx", ":1000", "--max-trials", 3, "--max-time", "1h"));
        assertThat(first.exitCode()).as(first.err()).isZero();
        Search found = record("first.onnx");
        assertThat(found.curve()).hasSize(3);
        for (Point point : List.of(found.point(1), found.point(3))) {
            Result picked = launcher()
                    .run(
                            "prune",
                            "--from-search",
                            Search.file(Path.of("first.onnx")),
                            "--pick",
                            point.number(),
                            "-o",
                            "picked.onnx",
                            "--json");

            assertThat(picked.exitCode()).as(picked.err()).isZero();
            JsonNode pruned = new ObjectMapper().readTree(picked.out()).get("pruned");
            assertThat(pruned.get("macs").longValue()).isEqualTo(point.cost().macs());
            assertThat(pruned.get("accuracy").doubleValue()).isEqualTo(point.value());
            assertThat(pruned.get("examples").longValue()).isEqualTo(1000);
        }
        Result elsewhere = launcher()
                .run(
                        "prune",
                        "--from-search",
                        Search.file(Path.of("first.onnx")),
                        "-o",
                        "first-again.onnx",
                        "--data",
                        DATA + ":train:500",
                        "--json");

        assertThat(elsewhere.exitCode()).as(elsewhere.err()).isZero();
        assertThat(new ObjectMapper()
                        .readTree(elsewhere.out())
                        .at("/pruned/examples")
                        .longValue())
                .isEqualTo(500);
        assertThat(Files.mismatch(folder.resolve("first.onnx"), folder.resolve("first-again.onnx")))
                .isEqualTo(-1);
    }

    @Test
    @DisplayName("The lowest latency is searched for in the runtime, and picked with the table that was measured")
    void latency() throws IOException {
        Result first = launcher()
                .run(search("timed.onnx", ":1000", "--max-trials", 2, "--minimize", "latency", "--latency-time", "2s"));

        assertThat(first.exitCode()).as(first.err()).isZero();
        assertThat(first.out()).contains("latency  ", "timed.onnx.latency.json");
        assertThat(trials("timed.onnx")).hasSize(2);
        assertThat(trials("timed.onnx"))
                .filteredOn(TrialEnded::getReached)
                .isNotEmpty()
                .allSatisfy(trial -> {
                    assertThat(trial.getLatency().getPredictedNanos())
                            .isPositive()
                            .isLessThan(trial.getLatency().getOriginalNanos());
                    assertThat(trial.getLatency().getMeasuredNanos()).isZero();
                });
        Result picked =
                launcher().run("prune", "--from-search", Search.file(Path.of("timed.onnx")), "-o", "picked.onnx");
        assertThat(picked.exitCode()).as(picked.err()).isZero();
        assertThat(Files.mismatch(folder.resolve("timed.onnx"), folder.resolve("picked.onnx")))
                .isEqualTo(-1);
    }

    @Test
    @DisplayName("Where no budget keeps the accuracy, the nearest is named, and what was tried is not lost")
    void unreachable() throws IOException {
        Result result = launcher()
                .run(
                        "prune",
                        Launcher.example("fashion-mobilenet.onnx"),
                        "--target",
                        "accuracy=-1",
                        "--minimise",
                        "params",
                        "--data",
                        DATA + ":4000",
                        "--max-time",
                        "1s",
                        "-o",
                        "none.onnx");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains("is kept by no cut: of 1 tried, params=", "more time");
        assertThat(folder.resolve("none.onnx")).doesNotExist();
        assertThat(record("none.onnx").trials()).isEqualTo(1);
        assertThat(record("none.onnx").chosen()).isEmpty();
    }

    @Test
    @DisplayName("What the data cannot show is refused before anything is tried, with the number of examples it takes")
    void refused() throws IOException {
        Result few = launcher().run(search("few.onnx", ":60"));
        Result plan = launcher()
                .run("plan", Launcher.example("fashion-mobilenet.onnx"), "--target", "accuracy=-1", "-o", "plan.json");
        Result blind = launcher()
                .run(
                        "prune",
                        Launcher.example("fashion-mobilenet.onnx"),
                        "--target",
                        "accuracy=-1",
                        "-o",
                        "blind.onnx");

        Result energy = launcher().run(search("energy.onnx", ":1000", "--minimize", "energy"));
        assertThat(energy.exitCode()).isEqualTo(2);
        assertThat(energy.err()).contains("minimize cannot be 'energy'; give macs, params, bytes, latency");
        Result budget = launcher()
                .run(
                        "prune",
                        Launcher.example("fashion-mobilenet.onnx"),
                        "--target",
                        "macs=50%",
                        "--pick",
                        3,
                        "-o",
                        "b.onnx");
        assertThat(budget.exitCode()).isEqualTo(2);
        assertThat(budget.err()).contains("--from-search");
        assertThat(few.exitCode()).isEqualTo(1);
        assertThat(few.err()).contains("cannot be promised on 60 examples", "Give at least");
        assertThat(trials("few.onnx")).isEmpty();
        assertThat(plan.err()).contains("a plan measures nothing");
        assertThat(blind.err()).contains("--data");
    }

    @Test
    @DisplayName(
            "Where the data that measures has examples that something else reads, nothing is promised, whatever the file is called")
    void shared() throws IOException {
        Files.copy(DATA, folder.resolve("copy.npz"));
        Result calibrated = launcher().run(search("shared.onnx", ":1000", "--calibration", "copy.npz:1000"));
        Result trained = launcher().run(search("shared.onnx", ":1000", "--train", "copy.npz:1000"));

        assertThat(calibrated.exitCode()).isEqualTo(1);
        assertThat(calibrated.err())
                .contains(
                        "'accuracy=-2.5' cannot be promised: 1000 of 1064 different calibration examples are also in",
                        "Give --data that nothing else reads");
        assertThat(trained.exitCode()).isEqualTo(1);
        assertThat(trained.err()).contains("900 of 900 different training examples are also in the data");
        assertThat(folder.resolve("shared.onnx")).doesNotExist();
    }
}
