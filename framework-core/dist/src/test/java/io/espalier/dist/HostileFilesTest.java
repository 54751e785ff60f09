package io.espalier.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.espalier.api.InputRefusedException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files that mutation damaged, and small files that ask for enormous work: each ends with a documented sentence, or works,
 * and nothing is written beside an error.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileFilesTest {

    private static final Path CASES = Path.of("src", "test", "resources");
    private static final int WORKS = 0;
    private static final int BROKEN_MODEL = 5;

    private Path folder;
    private TestingPruner pruned;

    @BeforeAll
    void open(@TempDir Path where) {
        folder = where;
        pruned = new TestingPruner(folder);
    }

    @AfterAll
    void close() {
        pruned.close();
    }

    @TestFactory
    Stream<DynamicTest> damagedFilesEndWithASentence() throws IOException {
        return files("damaged", "BUG|SLOW|OOM.*")
                .map(file -> dynamicTest(name(file), () -> {
                    assertThat(pruned.inspect(file).fault()).isEmpty();
                    assertThat(pruned.prune(file).fault()).isEmpty();
                }));
    }

    @TestFactory
    Stream<DynamicTest> bombsAreRefusedByTheBudget() throws IOException {
        return files("bombs", "")
                .map(file -> dynamicTest(name(file), () -> {
                    TestingPruner.Result result = pruned.prune(file);
                    assertThat(result.fault()).isEmpty();
                    assertThat(result.sentence()).get().asString().contains("asks for more work than is allowed");
                }));
    }

    /** The runtime loads them: an operator of theirs makes no sense, wherever it stands and whether or not others can be pruned. */
    @TestFactory
    Stream<DynamicTest> brokenOperatorsAreNamed() {
        Map<String, String> culprits = Map.of(
                "BUG-09c30ac2", "the Gather that makes '/Gather_output_0'",
                "BUG-c28370db", "the Gather that makes 'select_2'",
                "BUG-0ce0d337", "the LSTM that makes '/loop/cell/LSTM_output_0'",
                "BUG-323aa29b", "the Softmax that makes '/post/self_attn/Softmax_output_0'",
                "BUG-8d3773dd", "the GRU that makes '/cell/GRU_output_0'");
        return culprits.entrySet().stream()
                .map(each -> dynamicTest(each.getKey(), () -> {
                    TestingPruner.Result result = pruned.prune(CASES.resolve("damaged/" + each.getKey() + ".onnx"));
                    assertThat(result.sentence()).get().asString().contains("makes no sense: " + each.getValue());
                    assertThat(result.refused()).contains(Reason.MODEL);
                }));
    }

    /** An input whose channels are open, as some exporters write them: the convolution that reads them says how many. */
    @Test
    void openChannelsOfAnInputAreThoseThatItsConvolutionReads() throws IOException {
        TestingPruner.Result result = pruned.prune(CASES.resolve("damaged/OOM-8d05a6d4.onnx"));
        assertThat(result.fault()).isEmpty();
        assertThat(result.sentence()).isEmpty();
    }

    /** What could end the process, take its heap, or reach the terminal is tried in a process of its own. */
    @TestFactory
    Stream<DynamicTest> damagedFilesDoNotEndTheProcess() throws IOException {
        return files("damaged", "CRASH|ANSI|OOM-f|BUG-b275e0ab|BUG-bdb82ca8")
                .map(file -> dynamicTest(name(file), () -> {
                    HostileRun.Result run = HostileRun.of(file, folder);
                    assertThat(run.fault()).isEmpty();
                    assertThat(run.exitCode()).as(run.err()).isIn(WORKS, BROKEN_MODEL);
                }));
    }

    private static Stream<Path> files(String kind, String prefixes) throws IOException {
        try (Stream<Path> files = Files.list(CASES.resolve(kind))) {
            return files.filter(file -> name(file).matches("(" + prefixes + ").*")).sorted().toList().stream();
        }
    }

    private static String name(Path file) {
        return file.getFileName().toString();
    }
}
