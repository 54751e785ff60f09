package io.espalier.engine.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.adapter.onnx.OnnxAdapter;
import io.espalier.engine.allocate.UnreachableTargetException;
import io.espalier.engine.allocate.Widths;
import io.espalier.engine.latency.LatencyFile;
import io.espalier.engine.latency.LatencyTable;
import io.espalier.engine.plan.Plan;
import io.espalier.engine.plan.Plan.PlannedBlock;
import io.espalier.engine.plan.Plan.PlannedGroup;
import io.espalier.engine.plan.PlanFile;
import io.espalier.engine.run.PruningRequest.Timing;
import io.espalier.engine.verify.Verification.Outcome;
import io.espalier.events.v1.PruningEvent;
import io.espalier.events.v1.TrialEnded;
import io.espalier.events.v1.Work;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.adapter.Model;
import io.espalier.testkit.ForwardingAdapter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LatencyTargetTest {

    @TempDir
    private Path folder;

    private TestingRun run(String name, String target) {
        return TestingRun.of(TestingRun.RESNET, folder.resolve(name))
                .adapter(
                        new ForwardingAdapter(new OnnxAdapter(), model -> new TestingClock(model, TestingClock::nanos)))
                .widths(Widths.auto(0.1))
                .target(target);
    }

    private LatencyTable table(String name) {
        return LatencyFile.read(folder.resolve(name + ".latency.json"));
    }

    private static TestingRun given(TestingRun run, LatencyTable table) {
        return run.timing(new Timing(Optional.of(table), 1, 1));
    }

    private static double share(Path pruned) {
        return (double) nanos(pruned) / nanos(TestingRun.RESNET);
    }

    private static long nanos(Path file) {
        try (Model model = new OnnxAdapter().open(file)) {
            return TestingClock.nanos(model.graph());
        }
    }

    @Test
    @DisplayName("A time that groups save one by one and not together is refused, and nothing is written")
    void missed() {
        long least = nanos(TestingRun.RESNET) * 635 / 1000;
        TestingRun run = run("a.onnx", "latency=60%")
                .adapter(new ForwardingAdapter(
                        new OnnxAdapter(),
                        model -> new TestingClock(model, graph -> Math.max(least, TestingClock.nanos(graph)))));

        assertThatThrownBy(run::prune)
                .isInstanceOf(UnreachableTargetException.class)
                .hasMessageContaining("63.5% of the original's time");
        assertThat(folder.resolve("a.onnx")).doesNotExist();
    }

    @ParameterizedTest(name = "latency={0}%")
    @CsvSource({"80", "60", "45"})
    @DisplayName("The time is met, and widths are those at which it falls")
    void met(int percent) {
        PruningReport report = run("a.onnx", "latency=" + percent + "%").prune();

        assertThat(share(folder.resolve("a.onnx"))).isBetween(0.9 * percent / 100, 1.01 * percent / 100);
        assertThat(report.plan().groups())
                .extracting(PlannedGroup::kept)
                .allSatisfy(kept -> assertThat(kept % TestingClock.BLOCK).isZero());
        assertThat(report.plan().settings().roundTo()).isEqualTo(TestingClock.BLOCK);
        assertThat(report.notes()).anyMatch(note -> note.startsWith("to meet latency=" + percent + "%"));
    }

    @Test
    @DisplayName(
            "Each network that is timed is told: what was predicted of it, what it took, and whether that is short enough")
    void told() {
        List<PruningEvent> events = new ArrayList<>();
        run("a.onnx", "latency=60%").sink(events::add).prune();

        List<TrialEnded> trials = events.stream()
                .filter(PruningEvent::hasTrialEnded)
                .map(PruningEvent::getTrialEnded)
                .toList();
        assertThat(trials).isNotEmpty().allSatisfy(trial -> {
            assertThat(trial.getTarget()).isEqualTo("latency=60%");
            assertThat(trial.getWay()).isEqualTo("testing-l1 sum sum testing-uniform");
            assertThat(trial.getMost()).isEqualTo(6);
            assertThat(trial.getLatency().getOriginalNanos()).isEqualTo(nanos(TestingRun.RESNET));
            assertThat(trial.getLatency().getPredictedNanos()).isPositive();
        });
        assertThat(trials).extracting(TrialEnded::getNumber).first().isEqualTo(1);
        long taken = nanos(folder.resolve("a.onnx"));
        assertThat(trials).anySatisfy(trial -> {
            assertThat(trial.getKeeps()).isTrue();
            assertThat(trial.getLatency().getMeasuredNanos()).isCloseTo(taken, within(taken / 1000));
        });
        assertThat(events)
                .filteredOn(PruningEvent::hasProgressReported)
                .flatExtracting(event -> event.getProgressReported().getWithinList())
                .contains("cut 1/6, latency=60%");
        assertThat(events)
                .filteredOn(PruningEvent::hasWorkStarted)
                .extracting(event -> event.getWorkStarted().getWork())
                .containsSubsequence(
                        Work.WORK_ANALYSE, Work.WORK_TRY, Work.WORK_SCORE, Work.WORK_PLAN, Work.WORK_OPERATE);
    }

    @Test
    @DisplayName("An absolute time is met as well")
    void absolute() {
        long most = nanos(TestingRun.RESNET) * 7 / 10;

        run("a.onnx", "latency=" + most / 1000 + "us").prune();

        assertThat(nanos(folder.resolve("a.onnx"))).isBetween(most * 9 / 10, most * 101 / 100);
    }

    @Test
    @DisplayName("The same table gives the same bytes, without a clock")
    void replayed() throws IOException {
        run("a.onnx", "latency=60%").prune();
        TestingRun without = given(run("b.onnx", "latency=60%"), table("a.onnx"))
                .adapter(new ForwardingAdapter(
                        new OnnxAdapter(),
                        model -> new TestingClock(model, graph -> {
                            throw new AssertionError("there is no clock");
                        })));

        without.prune();

        assertThat(PlanFile.read(folder.resolve("b.onnx.plan.json")).settings().latencyTable())
                .contains(LatencyFile.digest(table("a.onnx")));
        assertThat(folder.resolve("b.onnx.plan.json")).hasSameBinaryContentAs(folder.resolve("a.onnx.plan.json"));
        assertThat(folder.resolve("b.onnx")).hasSameBinaryContentAs(folder.resolve("a.onnx"));
        assertThat(folder.resolve("b.onnx.latency.json")).hasSameBinaryContentAs(folder.resolve("a.onnx.latency.json"));
    }

    @Test
    @DisplayName("A plan is made by the same table as the model")
    void planned() {
        run("a.onnx", "latency=60%").prune();

        Plan plan = given(run("b.plan.json", "latency=60%"), table("a.onnx"))
                .run()
                .plan()
                .plan();

        assertThat(PlanFile.bytes(plan)).isEqualTo(contentOf("a.onnx.plan.json"));
        assertThat(folder.resolve("b.plan.json.latency.json")).exists();
    }

    @ParameterizedTest(name = "latency={0}%")
    @CsvSource({"60", "95"})
    @DisplayName("Without residual blocks a share is one of the whole original still, and the table says which blocks")
    void shortened(int percent) {
        String target = "latency=" + percent + "%";
        PruningReport report = run("a.onnx", target).depth(2).prune();
        List<String> sums =
                report.plan().blocks().stream().map(PlannedBlock::sum).toList();

        assertThat(share(folder.resolve("a.onnx"))).isBetween(0.5, 1.01 * percent / 100);
        assertThat(report.verification().outcome()).isEqualTo(Outcome.PROVED);
        assertThat(table("a.onnx").rest().blocks()).isEqualTo(sums);
        assertThat(table("a.onnx").nanos()).isEqualTo(nanos(TestingRun.RESNET));
        assertThat(table("a.onnx").rest().share()).isBetween(0.6, 0.95);
        given(run("b.onnx", target).depth(2), table("a.onnx")).prune();
        assertThat(folder.resolve("b.onnx")).hasSameBinaryContentAs(folder.resolve("a.onnx"));
        assertRefused(table("a.onnx"), "another choice of residual blocks: " + sums + ", and here it is []");
    }

    @Test
    @DisplayName(
            "As many residual blocks are left out as change the outputs least at the same time, and the table says which")
    void shortenedAsItIsWorth() {
        Repair repair = DepthRunTest.repair();
        PruningReport report = run("a.onnx", "latency=60%").depthFoundOn(repair).prune();
        int number = report.plan().blocks().size();
        PruningReport fixed = given(run("fixed.onnx", "latency=60%"), table("a.onnx"))
                .depth(number, repair)
                .prune();

        assertThat(share(folder.resolve("a.onnx"))).isBetween(0.5, 1.01 * 0.6);
        assertThat(report.verification().outcome()).isEqualTo(Outcome.PROVED);
        assertThat(report.notes())
                .anyMatch(note -> note.startsWith(number + " residual blocks are left out before channels")
                        && note.matches(".*0: \\d.*, 1: \\d.*, 2: \\d.*"))
                .anyMatch(note -> note.startsWith("to meet latency=60%"));
        assertThat(table("a.onnx").rest().blocks()).hasSize(number);
        assertThat(fixed.plan()).isEqualTo(report.plan());
        given(run("again.onnx", "latency=60%"), table("a.onnx"))
                .adapter(new ForwardingAdapter(
                        new OnnxAdapter(),
                        model -> new TestingClock(model, graph -> {
                            throw new AssertionError("there is no clock");
                        })))
                .depthFoundOn(repair)
                .prune();
        for (String other : List.of("fixed.onnx", "again.onnx")) {
            assertThat(folder.resolve(other)).hasSameBinaryContentAs(folder.resolve("a.onnx"));
        }
    }

    @Test
    @DisplayName("A replay says which table decided")
    void namedByReplay() {
        PruningReport first = run("a.onnx", "latency=60%").prune();

        PruningReport replayed =
                run("b.onnx", "latency=60%").replay(first.plan()).prune();

        assertThat(replayed.notes())
                .contains("the plan was decided by the latency table with SHA-256 "
                        + LatencyFile.digest(table("a.onnx")));
        assertThat(folder.resolve("b.onnx")).hasSameBinaryContentAs(folder.resolve("a.onnx"));
    }

    private byte[] contentOf(String name) {
        try {
            return Files.readAllBytes(folder.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    @DisplayName("What cannot be reached is said with the shortest time that can")
    void unreachable() {
        assertThatThrownBy(() -> run("a.onnx", "latency=5%").prune())
                .isInstanceOf(UnreachableTargetException.class)
                .hasMessageMatching(
                        "The target 'latency=5%' cannot be reached: it allows [.\\d]+ ms, but at least [.\\d]+ ms remain.*");
    }

    @Test
    @DisplayName("A table of another model, runtime, thread count or shape is refused in a sentence")
    void foreignTables() {
        run("a.onnx", "latency=60%").prune();
        LatencyTable table = table("a.onnx");
        LatencyTable.Conditions there = table.conditions();

        assertRefused(changed(table, "1".repeat(64), there), "was measured for another model");
        assertRefused(
                changed(
                        table,
                        table.model(),
                        new LatencyTable.Conditions(
                                "other 2.0", there.processor(), there.cores(), there.threads(), there.inputs())),
                "another runtime: other 2.0, and here it is testing runtime 1.0");
        assertRefused(
                changed(
                        table,
                        table.model(),
                        new LatencyTable.Conditions(
                                there.runtime(), there.processor(), there.cores(), 3, there.inputs())),
                "another number of threads: 3, and here it is 1");
    }

    private void assertRefused(LatencyTable table, String says) {
        assertThatThrownBy(() -> given(run("b.onnx", "latency=60%"), table).prune())
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(says);
    }

    @Test
    @DisplayName("A table of another machine is taken, and the report says so")
    void otherMachine() {
        run("a.onnx", "latency=60%").prune();
        LatencyTable table = table("a.onnx");
        LatencyTable.Conditions there = table.conditions();
        LatencyTable moved = changed(
                table,
                table.model(),
                new LatencyTable.Conditions(there.runtime(), "abacus", 3, there.threads(), there.inputs()));

        PruningReport report = given(run("b.onnx", "latency=60%"), moved).prune();

        assertThat(report.notes())
                .anyMatch(note -> note.startsWith("the latency table was measured on another machine: abacus"));
    }

    private static LatencyTable changed(LatencyTable table, String model, LatencyTable.Conditions conditions) {
        return new LatencyTable(
                table.tool(),
                table.file(),
                model,
                conditions,
                table.nanos(),
                table.rest(),
                table.multiples(),
                table.groups(),
                table.corrections());
    }
}
