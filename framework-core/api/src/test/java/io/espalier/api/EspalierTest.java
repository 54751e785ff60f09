package io.espalier.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.espalier.api.InputRefusedException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The facade with an adapter on the class path, as a program has it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EspalierTest {

    private static final Path MODEL = Path.of("../../docs/examples/fashion-resnet20.onnx");
    private static final Path DATA = Path.of("../../docs/examples/fashion-mnist-test.npz");

    private Espalier espalier;

    @TempDir
    private Path folder;

    @BeforeAll
    void open() {
        espalier = Espalier.open();
    }

    @AfterAll
    void close() {
        espalier.close();
    }

    private PruneRequest prune() {
        return espalier.prune(MODEL).target("macs=60%").withoutLatency();
    }

    @Test
    @DisplayName("Adapter, criteria, allocators, compensators and readers are found on the class path")
    void classPath() {
        assertThat(espalier.plugins().extensions())
                .extracting(each -> each.kind() + " " + each.name())
                .contains("adapter onnx", "criterion l1", "allocator global", "compensator bn", "data set reader npz");
        assertThat(espalier.plugins().quarantined()).isEmpty();
        assertThat(espalier.plugins().plugins()).isEmpty();
    }

    @Test
    @DisplayName("What is pruned is proved and written with plan, journal and report; the proof holds again from files")
    void pruneAndVerify() throws IOException {
        PruneResult result = prune().to(folder.resolve("pruned.onnx"));

        assertThat(result.proof().isProved()).isTrue();
        assertThat(result.original().cost().macs()).isEqualTo(31_021_952);
        assertThat(result.pruned().cost().macs())
                .isEqualTo(result.plan().predicted().macs())
                .isLessThanOrEqualTo(31_021_952 * 6 / 10);
        assertThat(result.pruned().cost().bytes())
                .isEqualTo(Files.size(result.files().model()));
        assertThat(result.files().plan()).hasContent(result.plan().json());
        assertThat(result.files().report()).hasContent(result.report());
        assertThat(result.files().journal()).isNotEmptyFile();
        VerifyResult again = espalier.verify(
                        MODEL, result.files().plan(), result.files().model())
                .seed(7)
                .run();
        assertThat(again.proof().isProved()).isTrue();
        assertThat(again.recovery()).isEmpty();
    }

    @Test
    @DisplayName("A plan that is replayed, from an object or a file, gives the same bytes")
    void replay() {
        Path planFile = folder.resolve("plan.json");
        Plan plan = espalier.plan(MODEL).target("macs=60%").to(planFile).plan();

        Path decided = prune().to(folder.resolve("decided.onnx")).files().model();
        PruneRequest replay = espalier.prune(MODEL).withoutLatency();
        Path object =
                replay.plan(plan).to(folder.resolve("object.onnx")).files().model();
        Path file =
                replay.plan(planFile).to(folder.resolve("file.onnx")).files().model();

        assertThat(Plan.read(planFile)).isEqualTo(plan).isEqualTo(Plan.parse(plan.json()));
        assertThat(object).hasSameBinaryContentAs(decided);
        assertThat(file).hasSameBinaryContentAs(decided);
    }

    @Test
    @DisplayName("A request is not changed by what is made from it, and runs from several threads alike")
    void immutableAndThreadSafe() throws Exception {
        PlanRequest base = espalier.plan(MODEL).target("channels=80%");
        PlanRequest changed =
                base.target("channels=50%").criterion("l2").roundTo(8).ignore("9.*");
        List<String> heard = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try (Espalier shared =
                Espalier.builder().onEvent(event -> heard.add(event.getRunId())).build()) {
            Callable<Plan> task =
                    () -> shared.plan(MODEL).target("channels=80%").make().plan();
            List<Future<Plan>> plans = threads.invokeAll(List.of(task, task, task));

            Plan expected = base.make().plan();
            assertThat(expected.target()).isEqualTo("channels=80%");
            assertThat(expected.criterion()).isEqualTo("l2");
            for (Future<Plan> plan : plans) {
                assertThat(plan.get()).isEqualTo(expected);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(heard.stream().distinct()).hasSize(3);
        assertThat(changed.make().plan().target()).isEqualTo("channels=50%");
    }

    @Test
    @DisplayName("Accuracy before and after a repair is measured on the data")
    void dataAndRepair() {
        PruneResult result = prune().data(DATA)
                .repair("bn", Path.of("../../docs/examples/fashion-mnist-calibration.npz"))
                .to(folder.resolve("repaired.onnx"));

        assertThat(result.original().evaluation().orElseThrow().value()).isGreaterThan(0.9);
        assertThat(result.pruned().evaluation().orElseThrow().value())
                .isGreaterThan(result.evaluationAfterCut().orElseThrow().value());
        assertThat(result.repair().orElseThrow().compensator()).isEqualTo("bn");
        assertThat(espalier.verify(MODEL, result.files().plan(), result.files().model())
                        .run()
                        .recoveredConstants())
                .isNotEmpty();
    }

    @Test
    @DisplayName("Another metric is measured when it is named, and one that is not there is refused with what there is")
    void metric() {
        PruneResult result =
                prune().data(DATA).metric("top-k", Map.of("k", "3")).to(folder.resolve("measured.onnx"));

        assertThat(result.pruned().evaluation().orElseThrow().metric()).isEqualTo("top-k k=3");
        assertThatThrownBy(() -> prune().data(DATA).metric("perplexity").to(folder.resolve("refused.onnx")))
                .isInstanceOf(InputRefusedException.class)
                .hasMessageContaining("top-k");
    }

    @Test
    @DisplayName("An option that the reader of the data does not have is refused")
    void dataOptions() {
        assertThatThrownBy(() ->
                        prune().data(DATA).dataOptions(Map.of("colour", "red")).to(folder.resolve("refused.onnx")))
                .isInstanceOf(InputRefusedException.class)
                .hasMessageContainingAll("data set reader 'npz'", "'colour'");
    }

    @Test
    @DisplayName("The journal holds the settings of the request, or those a program names")
    void journalledSettings() {
        List<Map<String, String>> options = new ArrayList<>();
        PlanRequest request = espalier.plan(MODEL).target("macs=90%").onEvent(event -> {
            if (event.hasRunStarted()) {
                options.add(event.getRunStarted().getOptionsList().stream()
                        .collect(java.util.stream.Collectors.toMap(each -> each.getName(), each -> each.getValue())));
            }
        });

        request.make();
        request.journalled(Map.of("mine", "1")).make();

        assertThat(options.get(0)).containsEntry("target", "macs=90%").containsEntry("criterion", "l2");
        assertThat(options.get(1)).containsExactly(Map.entry("mine", "1"));
    }

    @Test
    @DisplayName("A run is cancelled from a handler, and before it begins; no model is written")
    void cancellation() {
        Cancellation during = new Cancellation();
        Cancellation before = new Cancellation();
        before.cancel();
        Path output = folder.resolve("pruned.onnx");

        catchThrowableOfType(
                CancelledException.class,
                () -> prune().cancelledBy(during)
                        .onEvent(event -> during.cancel())
                        .to(output));
        CancelledException stopped = catchThrowableOfType(
                CancelledException.class, () -> prune().cancelledBy(before).to(output));

        assertThat(stopped).isNotNull();
        assertThat(during.isCancelled()).isTrue();
        assertThat(output).doesNotExist();
    }

    @Test
    @DisplayName("Settings that cannot be used are refused by name, and nothing is written")
    void settings() {
        Path out = folder.resolve("out.onnx");
        assertRefused(
                Reason.REQUEST,
                "min-keep cannot be 2.0",
                () -> prune().minKeep(2).to(out));
        assertRefused(
                Reason.REQUEST, "round-to cannot be 0", () -> prune().roundTo(0).to(out));
        assertRefused(
                Reason.REQUEST, "threads cannot be 0", () -> prune().threads(0).to(out));
        assertRefused(
                Reason.REQUEST,
                "latency-runs cannot be 0",
                () -> prune().latencyRuns(0).to(out));
        assertRefused(
                Reason.REQUEST, "METRIC=AMOUNT", () -> prune().target("half").to(out));
        assertRefused(
                Reason.REQUEST,
                "nothing says what shall remain",
                () -> espalier.prune(MODEL).to(out));
        assertRefused(
                Reason.REQUEST,
                "did you mean 'lamp'",
                () -> prune().criterion("lam").to(out));
        assertRefused(
                Reason.REQUEST,
                "has no option 'q'",
                () -> prune().criterion("lp", Map.of("q", "1")).to(out));
        assertRefused(
                Reason.REQUEST,
                "sum, mean, max, product",
                () -> prune().aggregate("x").to(out));
        assertRefused(
                Reason.REQUEST,
                "it has: batch",
                () -> prune().extents(Map.of("bach", 2L)).to(out));
        assertRefused(
                Reason.REQUEST,
                "matches no layer",
                () -> prune().only("nothing*").to(out));
        assertRefused(
                Reason.REQUEST,
                "same file",
                () -> prune().data(DATA).repair("bn", DATA).to(out));
        assertRefused(
                Reason.REQUEST, "which the run reads", () -> prune().data(DATA).to(DATA));
        assertRefused(Reason.REQUEST, "replaceModel()", () -> prune().to(MODEL));
        assertRefused(
                Reason.REQUEST,
                "would replace the model",
                () -> espalier.plan(MODEL).to(MODEL));
        assertThat(out).doesNotExist();
    }

    @Test
    @DisplayName("A plan that is replayed goes with no setting that decides what is removed")
    void planAndTarget() {
        Plan plan = espalier.plan(MODEL).target("macs=90%").make().plan();

        assertRefused(
                Reason.REQUEST,
                "leave out criterion",
                () -> espalier.prune(MODEL).criterion("l2").plan(plan).to(folder.resolve("x")));
    }

    @Test
    @DisplayName("A model that cannot be read is told from a task that cannot be done")
    void modelOrTask() throws IOException {
        Path out = folder.resolve("out.onnx");
        Path text = Files.writeString(folder.resolve("text.onnx"), "no model");
        byte[] whole = Files.readAllBytes(MODEL);
        Path half = Files.write(folder.resolve("half.onnx"), java.util.Arrays.copyOf(whole, whole.length / 2));

        assertRefused(Reason.MODEL, "there is no file", () -> espalier.inspect(folder.resolve("none.onnx")));
        assertRefused(Reason.MODEL, "text.onnx", () -> espalier.inspect(text));
        assertRefused(
                Reason.MODEL,
                "half.onnx",
                () -> espalier.plan(half).target("macs=50%").make());
        assertRefused(
                Reason.TASK, "cannot be", () -> prune().target("macs=0.1%").to(out));
        assertRefused(
                Reason.TASK,
                "data: there is no file",
                () -> prune().data(folder.resolve("none.npz")).to(out));
        assertRefused(Reason.TASK, "is a folder", () -> prune().to(folder));
        assertRefused(Reason.TASK, "is not JSON", () -> Plan.parse("{"));
        assertThat(out).doesNotExist();
    }

    @Test
    @DisplayName("A result that is wrong is not written, and the exception holds the proof")
    void notProved() {
        Path out = folder.resolve("out.onnx");
        try (Espalier wrong =
                Espalier.builder().extension(TestingWrongModel.adapter()).build()) {
            NotProvedException e = catchThrowableOfType(
                    NotProvedException.class,
                    () -> wrong.prune(MODEL).target("macs=60%").withoutLatency().to(out));

            assertThat(e.proof().outcome()).isNotEqualTo(Proof.Outcome.PROVED);
            assertThat(e).hasMessageContaining(e.proof().reason());
        }
        assertThat(out).doesNotExist();
    }

    @Test
    @DisplayName("A criterion that fails is named; without adapters the plug-ins are to blame")
    void brokenPlugins() {
        try (Espalier failing =
                Espalier.builder().extension(new TestingFailingCriterion()).build()) {
            PluginBrokenException e = catchThrowableOfType(
                    PluginBrokenException.class,
                    () -> failing.plan(MODEL)
                            .target("macs=60%")
                            .criterion("failing")
                            .make());

            assertThat(e).hasMessageContaining("criterion 'failing'").hasMessageContaining("on purpose");
        }
        try (Espalier empty = Espalier.builder().withoutClassPath().build()) {
            assertThat(catchThrowableOfType(PluginBrokenException.class, () -> empty.inspect(MODEL)))
                    .hasMessageContaining("no plug-in reads models");
        }
    }

    @Test
    @DisplayName("Two objects of one name are a mistake of the program")
    void twoObjectsOfOneName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Espalier.builder()
                        .extension(new TestingFailingCriterion())
                        .extension(new TestingFailingCriterion())
                        .build())
                .withMessageContaining("taken");
    }

    @Test
    @DisplayName("An inspection says what can be pruned, what cannot, and explains an axis")
    void inspect() {
        List<AxisExplanation> explained;
        try (Inspection inspection = espalier.inspect(MODEL, Map.of("batch", 2L))) {
            Inspection.Group first = inspection.groups().get(0);
            explained = inspection.explain(first.name() + ":0");

            assertThat(inspection.cost().macs()).isEqualTo(2 * 31_021_952);
            assertThat(inspection.prunableChannels()).isPositive();
            assertThat(inspection.frozen()).isNotEmpty();
            assertThat(inspection.explainGroups()).hasSameSizeAs(inspection.groups());
            assertThat(explained
                            .get(0)
                            .parts()
                            .get(0)
                            .removable()
                            .orElseThrow()
                            .saved()
                            .parameters())
                    .isEqualTo(first.parametersPerChannel());
            assertRefused(Reason.REQUEST, "axis: the model has no value", () -> inspection.explain("nothing:0"));
        }
        assertThat(explained.get(0).parts().get(0).members()).isNotEmpty();
    }

    @Test
    @DisplayName("The files of a run lie beside its model")
    void outputFiles() {
        assertThat(OutputFiles.of(Path.of("a", "b.onnx")).journal()).isEqualTo(Path.of("a", "b.onnx.events"));
        assertThat(Espalier.version()).matches("\\d+\\.\\d+\\.\\d+.*");
    }

    private static void assertRefused(Reason reason, String says, ThrowingCallable work) {
        InputRefusedException e = catchThrowableOfType(InputRefusedException.class, work);

        assertThat(e).as(says).isNotNull().hasMessageContaining(says);
        assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason);
        assertThat(e.getMessage().getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(1000);
        e.setting().ifPresent(setting -> assertThat(e.getMessage()).startsWith(setting));
    }
}
