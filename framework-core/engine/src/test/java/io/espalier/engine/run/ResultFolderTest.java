package io.espalier.engine.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Results change together or not at all, wherever a run is killed. */
final class ResultFolderTest {

    private static final String HIDDEN = ".espalier-m.onnx";

    @TempDir
    private Path folder;

    private Outputs outputs;

    @BeforeEach
    void oldResults() throws IOException {
        outputs = Outputs.of(folder.resolve("m.onnx"));
        old(folder);
    }

    private static void old(Path in) throws IOException {
        for (String name : new String[] {"m.onnx", "m.onnx.plan.json", "m.onnx.report.json", "m.onnx.events"}) {
            Files.writeString(in.resolve(name), "old");
        }
    }

    /** All files below the folder with what they hold. */
    private static Map<String, String> files(Path in) throws IOException {
        Map<String, String> found = new TreeMap<>();
        try (Stream<Path> all = Files.walk(in)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                found.put(in.relativize(file).toString(), Files.readString(file));
            }
        }
        return found;
    }

    private static void prepare(ResultFolder results, Outputs outputs) throws IOException {
        Path stage = results.stage();
        Files.writeString(stage.resolve("m.onnx"), "new");
        Files.writeString(stage.resolve("m.onnx.data"), "new");
        results.take(stage);
        results.add(outputs.plan(), "new".getBytes(UTF_8));
        results.add(outputs.report(), "new".getBytes(UTF_8));
    }

    @Test
    void committedResultsReplaceTheOldOnes() throws IOException {
        try (ResultFolder results = ResultFolder.claim(outputs)) {
            Files.writeString(outputs.journal(), "new");
            prepare(results, outputs);
            results.commit();
        }
        assertThat(files(folder))
                .isEqualTo(new TreeMap<>(Map.of(
                        "m.onnx", "new",
                        "m.onnx.data", "new",
                        "m.onnx.plan.json", "new",
                        "m.onnx.report.json", "new",
                        "m.onnx.events", "new")));
    }

    @Test
    void aRunThatFailsLeavesTheOldResultsAndTheirJournal() throws IOException {
        try (ResultFolder results = ResultFolder.claim(outputs)) {
            Files.writeString(outputs.journal(), "failed");
            prepare(results, outputs);
        }
        assertThat(files(folder))
                .isEqualTo(new TreeMap<>(Map.of(
                        "m.onnx", "old",
                        "m.onnx.plan.json", "old",
                        "m.onnx.report.json", "old",
                        "m.onnx.previous.events", "old",
                        "m.onnx.events", "failed")));
    }

    @Test
    void aSecondRunToTheSamePlaceIsRefused() {
        try (ResultFolder first = ResultFolder.claim(outputs)) {
            assertThatThrownBy(() -> ResultFolder.claim(outputs))
                    .isInstanceOf(OutputException.class)
                    .hasMessageContaining("Another run is writing to");
            ResultFolder.settle(outputs);
            assertThat(first.stage()).isDirectory();
        }
        ResultFolder.claim(outputs).close();
        assertThat(folder.resolve(HIDDEN)).doesNotExist();
    }

    /** What a kill leaves is what lies there after each number of steps of the sequence: five moves follow the decision. */
    @TestFactory
    Stream<DynamicTest> whateverAKillLeavesIsSettled() {
        return IntStream.rangeClosed(0, 8)
                .mapToObj(steps -> dynamicTest("after " + steps + " steps", () -> {
                    Path killed = Files.createDirectory(folder.resolve("killed" + steps));
                    old(killed);
                    leave(killed, steps);
                    Outputs left = Outputs.of(killed.resolve("m.onnx"));

                    ResultFolder.settle(left);

                    boolean committed = steps >= 3;
                    Map<String, String> found = files(killed);
                    assertThat(killed.resolve(HIDDEN)).doesNotExist();
                    assertThat(new TreeSet<>(found.values()))
                            .containsExactlyElementsOf(committed ? List.of("journal", "new") : expected(steps));
                    assertThat(found.get("m.onnx")).isEqualTo(committed ? "new" : "old");
                    assertThat(found.get("m.onnx.plan.json")).isEqualTo(found.get("m.onnx"));
                    assertThat(found.get("m.onnx.report.json")).isEqualTo(found.get("m.onnx"));
                }));
    }

    private static List<String> expected(int steps) {
        return steps == 0 ? List.of("old") : List.of("journal", "old");
    }

    private static void leave(Path killed, int steps) throws IOException {
        Path hidden = Files.createDirectory(killed.resolve(HIDDEN));
        Files.writeString(hidden.resolve("lock"), "");
        Path prepared = Files.createDirectory(hidden.resolve("prepared"));
        if (steps >= 1) {
            Files.move(killed.resolve("m.onnx.events"), hidden.resolve("journal"));
            Files.writeString(killed.resolve("m.onnx.events"), "journal");
        }
        if (steps >= 2) {
            for (String name : new String[] {"m.onnx", "m.onnx.data", "m.onnx.plan.json", "m.onnx.report.json"}) {
                Files.writeString(prepared.resolve(name), "new");
            }
        }
        if (steps >= 3) {
            Files.move(prepared, hidden.resolve("committed"));
        }
        if (steps >= 4) {
            Files.delete(hidden.resolve("journal"));
        }
        try (Stream<Path> files = steps >= 3 ? Files.list(hidden.resolve("committed")) : Stream.empty()) {
            for (Path file : files.sorted().limit(Math.max(0, steps - 4)).toList()) {
                Outputs.move(file, killed.resolve(file.getFileName()));
            }
        }
    }
}
