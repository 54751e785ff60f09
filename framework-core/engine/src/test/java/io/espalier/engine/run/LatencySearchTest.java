package io.espalier.engine.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.adapter.onnx.OnnxAdapter;
import io.espalier.engine.allocate.Target.Metric;
import io.espalier.engine.allocate.Widths;
import io.espalier.engine.latency.LatencyFile;
import io.espalier.engine.latency.LatencyTable;
import io.espalier.engine.run.PruningRequest.Timing;
import io.espalier.engine.search.SearchFile;
import io.espalier.engine.search.SearchRecord;
import io.espalier.engine.search.SearchRecord.CurvePoint;
import io.espalier.engine.search.SearchRecord.TableReference;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.graph.Graph;
import io.espalier.testkit.ForwardingAdapter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lowest latency at which an accuracy is kept. */
class LatencySearchTest {

    private static final int TRIALS = 4;

    @TempDir
    private static Path folder;

    private static SearchRecord searched;

    private static TestingRun run(String name, ToLongFunction<Graph> clock) {
        return TestingRun.of(TestingRun.RESNET, folder.resolve(name))
                .adapter(new ForwardingAdapter(new OnnxAdapter(), model -> new TestingClock(model, clock)))
                .data(images())
                .widths(Widths.auto(0.1));
    }

    private static TestingRun search(String name, ToLongFunction<Graph> clock) {
        return run(name, clock).search("accuracy=-80", Metric.LATENCY, TRIALS);
    }

    private static TestingDataset images() {
        try (Model model = new OnnxAdapter().open(TestingRun.RESNET)) {
            return TestingDataset.images(300, 3).labelledBy(model);
        }
    }

    private static long noClock(Graph network) {
        throw new AssertionError("there is no clock for " + network.name());
    }

    private static LatencyTable table() {
        return LatencyFile.read(folder.resolve("a.onnx.latency.json"));
    }

    private static TestingRun byTable(TestingRun run) {
        return run.timing(new Timing(Optional.of(table()), 1, 1));
    }

    @BeforeAll
    static void search() {
        searched = search("a.onnx", TestingClock::nanos).prune().search().orElseThrow();
    }

    @Test
    @DisplayName("The lowest latency that keeps the accuracy is taken, and is about what the table predicts")
    void found() {
        CurvePoint chosen = searched.chosen().orElseThrow();
        double whole = table().nanos();

        assertThat(searched.latencyTable())
                .contains(new TableReference("a.onnx.latency.json", LatencyFile.digest(table())));
        assertThat(searched.original().nanos()).hasValue(table().nanos());
        assertThat(chosen.target()).startsWith("latency=");
        assertThat(chosen.value()).isGreaterThanOrEqualTo(searched.least());
        assertThat(searched.curve())
                .hasSizeGreaterThan(1)
                .isSortedAccordingTo((one, other) ->
                        Long.compare(other.nanos().orElseThrow(), one.nanos().orElseThrow()));
        try (Model pruned = new OnnxAdapter().open(folder.resolve("a.onnx"))) {
            assertThat(TestingClock.nanos(pruned.graph()) / whole)
                    .isCloseTo(chosen.nanos().orElseThrow() / whole, within(0.1));
        }
    }

    @Test
    @DisplayName("The same table gives the same search and the same model, without a clock")
    void sameTable() {
        PruningReport report =
                byTable(search("again.onnx", LatencySearchTest::noClock)).prune();

        assertThat(report.search().orElseThrow().trials()).isEqualTo(searched.trials());
        assertThat(folder.resolve("again.onnx")).hasSameBinaryContentAs(folder.resolve("a.onnx"));
    }

    @Test
    @DisplayName("A search that was interrupted goes on with the table beside it, and ends with the same bytes")
    void interrupted() throws IOException {
        Path other = Files.createDirectory(folder.resolve("other"));
        Files.write(other.resolve("a.onnx.search.json"), SearchFile.bytes(begun(searched, 2)));
        Files.copy(folder.resolve("a.onnx.latency.json"), other.resolve("a.onnx.latency.json"));

        PruningReport report =
                search("other/a.onnx", LatencySearchTest::noClock).prune();

        assertThat(report.notes()).anyMatch(note -> note.startsWith("the search went on from 2 trials"));
        for (String end : List.of("", ".plan.json", ".search.json", ".latency.json")) {
            assertThat(other.resolve("a.onnx" + end)).hasSameBinaryContentAs(folder.resolve("a.onnx" + end));
        }
    }

    private static SearchRecord begun(SearchRecord record, int trials) {
        return new SearchRecord(
                record.tool(),
                record.model(),
                record.key(),
                record.arguments(),
                record.goal(),
                record.minimized(),
                record.latencyTable(),
                record.metric(),
                record.examples(),
                record.original(),
                record.least(),
                record.trials().subList(0, trials),
                Optional.empty());
    }

    @Test
    @DisplayName("Trials whose table is lost are not taken over")
    void lostTable() throws IOException {
        Path other = Files.createDirectory(folder.resolve("alone"));
        Files.write(other.resolve("a.onnx.search.json"), SearchFile.bytes(searched));

        PruningReport report =
                search("alone/a.onnx", graph -> 2 * TestingClock.nanos(graph)).prune();

        assertThat(report.notes()).noneMatch(note -> note.startsWith("the search went on"));
        assertThat(report.search().orElseThrow().original().nanos())
                .hasValue(2 * searched.original().nanos().orElseThrow());
    }

    @Test
    @DisplayName("A point is written again as a target with the table of the search")
    void picked() {
        byTable(run("picked.onnx", LatencySearchTest::noClock))
                .target(searched.chosen().orElseThrow().target())
                .prune();

        assertThat(folder.resolve("picked.onnx")).hasSameBinaryContentAs(folder.resolve("a.onnx"));
    }
}
