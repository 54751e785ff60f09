package io.espalier.engine.run;

import static io.espalier.engine.run.TestingOutputs.files;
import static io.espalier.engine.run.TestingOutputs.journal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.adapter.onnx.OnnxAdapter;
import io.espalier.adapter.onnx.OnnxExecutor;
import io.espalier.engine.allocate.UnreachableTargetException;
import io.espalier.engine.evaluate.Evaluation;
import io.espalier.engine.plan.Plan;
import io.espalier.engine.plan.PlanFile;
import io.espalier.engine.verify.Verification;
import io.espalier.events.v1.FailureKind;
import io.espalier.events.v1.ModelLifted;
import io.espalier.events.v1.Planned;
import io.espalier.events.v1.PruningEvent;
import io.espalier.events.v1.SavedKind;
import io.espalier.events.v1.Setting;
import io.espalier.plugin.metrics.TopKMetric;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.execution.Session;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PruningRunTest {

    @TempDir
    private Path folder;

    private Path output() {
        return folder.resolve("pruned.onnx");
    }

    private TestingRun resnet() {
        return TestingRun.of(TestingRun.RESNET, output());
    }

    @Test
    void aModelIsPrunedProvedAndSaved() throws IOException {
        PruningReport report = resnet().data(TestingDataset.images(150, 1)).prune();

        assertThat(report.verification().outcome()).isEqualTo(Verification.Outcome.PROVED);
        assertThat(report.verification().inputs()).isEqualTo(7);
        assertThat(report.pruned().cost().macs() * 2)
                .isLessThanOrEqualTo(report.original().cost().macs());
        assertThat(report.pruned().cost().macs())
                .isEqualTo(report.plan().predicted().macs());
        assertThat(report.pruned().cost().parameters())
                .isEqualTo(report.plan().predicted().parameters());
        assertThat(report.pruned().cost().bytes())
                .isEqualTo(Files.size(output()))
                .isLessThanOrEqualTo(report.plan().predicted().bytes());
        assertThat(report.original().evaluation().orElseThrow().examples()).isEqualTo(150);
        assertThat(report.pruned().evaluation()).isEqualTo(report.evaluationAfterCut());
        assertThat(report.losses()).isEmpty();
        assertThat(files(folder))
                .containsExactly(
                        "pruned.onnx", "pruned.onnx.events", "pruned.onnx.plan.json", "pruned.onnx.report.json");
        try (Model pruned = new OnnxAdapter().open(output());
                Model original = new OnnxAdapter().open(TestingRun.RESNET)) {
            assertThat(pruned.metadata())
                    .containsEntry("espalier.original", original.digest())
                    .containsEntry("espalier.plan", report.planDigest())
                    .containsEntry("espalier.criterion", "testing-l1")
                    .containsEntry("espalier.target", "macs=50%");
        }
    }

    @Test
    void anotherMetricIsReportedByItsName() throws IOException {
        PruningReport report = resnet().data(TestingDataset.images(30, 1))
                .metric(new TopKMetric())
                .prune();

        Evaluation evaluation = report.pruned().evaluation().orElseThrow();
        assertThat(evaluation.metric()).isEqualTo("top-k k=5");
        assertThat(ReportJson.json(report).get("pruned").has("accuracy")).isFalse();
        assertThat(ReportJson.json(report).at("/pruned/metric/value").doubleValue())
                .isEqualTo(evaluation.value());
        assertThat(journal(folder))
                .filteredOn(PruningEvent::hasEvaluated)
                .extracting(PruningEvent::getEvaluated)
                .allSatisfy(each -> assertThat(each.getMetric()).isEqualTo("top-k k=5"))
                .last()
                .satisfies(last -> assertThat(last.getValue()).isEqualTo(evaluation.value()));
    }

    @Test
    void labelsOfAnotherKindMeasureNothingAndTheReportSaysWhatThereIs() {
        TestingDataset images = TestingDataset.images(30, 1);
        Map<String, Tensor> arrays = new LinkedHashMap<>(images.arrays());
        arrays.put("label", Tensors.floats(Tensors.shape(30), new float[30]));
        PruningReport report = resnet().data(new TestingDataset(30, arrays)).prune();

        assertThat(report.pruned().evaluation()).isEmpty();
        assertThat(report.notes()).anySatisfy(note -> assertThat(note).contains("choose one of top-1"));
    }

    @Test
    void labelsThatAreNoClassOfTheModelAreRefusedBeforeAnythingIsWritten() throws IOException {
        Map<String, Tensor> arrays =
                new LinkedHashMap<>(TestingDataset.images(3, 1).arrays());
        arrays.put("label", Tensors.vector(1, 99, 2));

        assertThatThrownBy(() -> resnet().data(new TestingDataset(3, arrays)).prune())
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll("'label'", "99", "row 1", "0 to 9");
        assertThat(files(folder)).containsExactly("pruned.onnx.events");
    }

    @Test
    void theJournalTellsEveryStep() throws IOException {
        resnet().data(TestingDataset.images(20, 1))
                .latency(new LatencyOptions(1, 3, 5))
                .prune();

        assertThat(journal(folder))
                .filteredOn(event -> !event.hasProgressReported())
                .extracting(event -> event.getPayloadCase().name())
                .containsExactly(
                        "RUN_STARTED",
                        "WORK_STARTED",
                        "MODEL_LIFTED",
                        "WORK_STARTED",
                        "WORK_STARTED",
                        "GROUPS_FOUND",
                        "SCORED",
                        "WORK_STARTED",
                        "PLANNED",
                        "WORK_STARTED",
                        "OPERATED",
                        "WORK_STARTED",
                        "VERIFIED",
                        "WORK_STARTED",
                        "EVALUATED",
                        "WORK_STARTED",
                        "EVALUATED",
                        "WORK_STARTED",
                        "LATENCY_MEASURED",
                        "WORK_STARTED",
                        "SAVED",
                        "SAVED",
                        "SAVED",
                        "RUN_FINISHED");
        assertThat(journal(folder))
                .filteredOn(PruningEvent::hasWorkStarted)
                .extracting(event -> event.getWorkStarted().getWork().name().substring(5)
                        + event.getWorkStarted().getStep())
                .containsExactly(
                        "LIFT0",
                        "ANALYSE0",
                        "SCORE1",
                        "PLAN1",
                        "OPERATE1",
                        "VERIFY1",
                        "EVALUATE1",
                        "EVALUATE1",
                        "TIME1",
                        "SAVE0");
        assertThat(journal(folder))
                .filteredOn(PruningEvent::hasSaved)
                .extracting(event -> event.getSaved().getKind())
                .containsExactly(SavedKind.SAVED_KIND_MODEL, SavedKind.SAVED_KIND_PLAN, SavedKind.SAVED_KIND_REPORT);
    }

    @Test
    void theJournalSaysWhatWasReadWhereTheLineWasDrawnAndWhatItTook() throws IOException {
        PruningReport report = resnet().prune();

        ModelLifted lifted = only(PruningEvent::hasModelLifted).getModelLifted();
        assertThat(lifted.getModel().getPath()).isEqualTo(TestingRun.RESNET.toString());
        assertThat(lifted.getModel().getDigest())
                .isEqualTo(report.plan().model().digest());
        assertThat(lifted.getModel().getBytes()).isEqualTo(Files.size(TestingRun.RESNET));
        Planned planned = only(PruningEvent::hasPlanned).getPlanned();
        assertThat(planned.getChannelsTotal() - planned.getChannelsKept())
                .isEqualTo(report.plan().removed());
        assertThat(planned.getBoundsList()).extracting(Setting::getName).containsExactly("min-keep", "round-to");
        assertThat(planned.getGroupsList())
                .filteredOn(group -> group.getKept() < group.getTotal())
                .isNotEmpty()
                .allSatisfy(group ->
                        assertThat(group.getHighestRemovedScore()).isLessThanOrEqualTo(group.getLowestKeptScore()));
        assertThat(only(PruningEvent::hasRunFinished)
                        .getRunFinished()
                        .getResources()
                        .getHeapUsedBytes())
                .isPositive();
    }

    private PruningEvent only(Predicate<PruningEvent> wanted) throws IOException {
        return journal(folder).stream().filter(wanted).findFirst().orElseThrow();
    }

    @Test
    void theSameRequestAndItsPlanGiveTheSameBytes() throws IOException {
        resnet().prune();
        byte[] model = Files.readAllBytes(output());
        byte[] plan = Files.readAllBytes(folder.resolve("pruned.onnx.plan.json"));

        resnet().prune();
        assertThat(Files.readAllBytes(output())).isEqualTo(model);
        assertThat(Files.readAllBytes(folder.resolve("pruned.onnx.plan.json"))).isEqualTo(plan);

        Plan read = PlanFile.read(folder.resolve("pruned.onnx.plan.json"));
        Files.delete(output());
        resnet().replay(read).prune();
        assertThat(Files.readAllBytes(output())).isEqualTo(model);
        assertThat(Files.readAllBytes(folder.resolve("pruned.onnx.plan.json"))).isEqualTo(plan);
    }

    @Test
    void aDryRunWritesThePlanOnly() throws IOException {
        Path file = folder.resolve("dry.json");
        PlanResult result = TestingRun.of(TestingRun.RESNET, file).run().plan();
        resnet().prune();

        assertThat(Files.readAllBytes(file)).isEqualTo(PlanFile.bytes(result.plan()));
        assertThat(Files.readAllBytes(folder.resolve("pruned.onnx.plan.json"))).isEqualTo(Files.readAllBytes(file));
    }

    @Test
    void theOutputMayBeTheInput() throws IOException {
        Path both = folder.resolve("both.onnx");
        Files.copy(TestingRun.RESNET, both);

        PruningReport report = TestingRun.of(both, both).prune();

        assertThat(Files.size(both)).isEqualTo(report.pruned().cost().bytes());
        assertThat(report.original().cost().bytes()).isEqualTo(Files.size(TestingRun.RESNET));
    }

    @Test
    void aPlanForAnotherModelIsRefused() {
        Plan plan = resnet().run().plan().plan();

        assertThatThrownBy(() -> TestingRun.of(TestingRun.EXAMPLES.resolve("fashion-mobilenet.onnx"), output())
                        .replay(plan)
                        .prune())
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("The plan was made for another model");
    }

    @Test
    void whatFailsLeavesExistingFilesAndTellsWhy() throws IOException {
        Files.writeString(output(), "precious");

        assertThatThrownBy(() -> resnet().target("macs=1%").prune()).isInstanceOf(UnreachableTargetException.class);

        assertThat(output()).hasContent("precious");
        assertThat(files(folder)).containsExactly("pruned.onnx", "pruned.onnx.events");
        PruningEvent last = journal(folder).get(journal(folder).size() - 1);
        assertThat(last.getRunFailed().getKind()).isEqualTo(FailureKind.FAILURE_KIND_UNREACHABLE_TARGET);
        assertThat(last.getRunFailed().getMessage()).contains("macs=1%");
        assertThat(last.getRunFailed().getCausesList()).hasSize(1);
    }

    @Test
    void aResultThatIsNotProvedIsNotWritten() throws IOException {
        assertThatThrownBy(() -> resnet().executor(new Lying()).prune())
                .isInstanceOf(VerificationFailedException.class)
                .hasMessageStartingWith("It could not be proved")
                .hasMessageContaining("something else in its own runtime than as a neutral graph");

        assertThat(files(folder)).containsExactly("pruned.onnx.events");
        assertThat(journal(folder))
                .anySatisfy(event -> assertThat(event.hasVerified()).isTrue());
        assertThat(journal(folder)
                        .get(journal(folder).size() - 1)
                        .getRunFailed()
                        .getKind())
                .isEqualTo(FailureKind.FAILURE_KIND_VERIFICATION);
    }

    @Test
    void aRunCanBeCancelled() throws IOException {
        for (Function<PruningEvent, Boolean> at : List.<Function<PruningEvent, Boolean>>of(
                PruningEvent::hasRunStarted,
                PruningEvent::hasScored,
                PruningEvent::hasOperated,
                PruningEvent::hasVerified)) {
            PruningRun[] run = new PruningRun[1];
            run[0] = resnet().sink(event -> {
                        if (at.apply(event)) {
                            run[0].cancel();
                        }
                    })
                    .run();

            assertThatThrownBy(run[0]::prune).isInstanceOf(CancellationException.class);

            assertThat(files(folder)).containsExactly("pruned.onnx.events");
            assertThat(journal(folder)
                            .get(journal(folder).size() - 1)
                            .getRunFailed()
                            .getKind())
                    .isEqualTo(FailureKind.FAILURE_KIND_CANCELLED);
        }
    }

    @Test
    void outputsThatCannotBeWrittenAreRefusedFirst() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "x");

        assertThatThrownBy(() -> TestingRun.of(TestingRun.RESNET, folder).prune())
                .isInstanceOf(OutputException.class)
                .hasMessageContaining("is a folder");
        assertThatThrownBy(() ->
                        TestingRun.of(TestingRun.RESNET, file.resolve("a.onnx")).prune())
                .isInstanceOf(OutputException.class)
                .hasMessageContaining("is not a folder");
        assertThatThrownBy(() -> TestingRun.of(TestingRun.RESNET, folder.resolve("no/a.onnx"))
                        .prune())
                .isInstanceOf(OutputException.class)
                .hasMessageContaining("does not exist");
        assertThat(files(folder)).containsExactly("file");
    }

    @Test
    void aMissingModelIsToldInTheJournal() throws IOException {
        assertThatThrownBy(() ->
                        TestingRun.of(folder.resolve("none.onnx"), output()).prune())
                .isInstanceOf(InvalidInputException.class);

        assertThat(journal(folder)
                        .get(journal(folder).size() - 1)
                        .getRunFailed()
                        .getKind())
                .isEqualTo(FailureKind.FAILURE_KIND_INVALID_INPUT);
    }

    /** Runs graphs right, and then adds to every element. */
    private static final class Lying implements GraphExecutor {

        private final GraphExecutor honest = new OnnxExecutor();

        @Override
        public String name() {
            return "testing-lying";
        }

        @Override
        public String description() {
            return "Adds one to every element.";
        }

        @Override
        public Session prepare(Graph graph, Settings settings, Map<String, String> state) {
            Session runner = honest.prepare(graph, settings, state);
            return new Session() {
                @Override
                public List<String> inputs() {
                    return runner.inputs();
                }

                @Override
                public List<String> outputs() {
                    return runner.outputs();
                }

                @Override
                public Map<String, Tensor> run(Map<String, Tensor> inputs) {
                    Map<String, Tensor> lies = new LinkedHashMap<>();
                    runner.run(inputs).forEach((name, value) -> {
                        double[] values = Tensors.toDoubles(value);
                        for (int i = 0; i < values.length; i++) {
                            values[i] += 1;
                        }
                        lies.put(name, Tensors.fromDoubles(value.type(), value.shape(), values));
                    });
                    return lies;
                }

                @Override
                public Map<String, Tensor> state() {
                    return runner.state();
                }

                @Override
                public void close() {
                    runner.close();
                }
            };
        }
    }
}
