package io.espalier.engine.run;

import static io.espalier.engine.run.TestingOutputs.files;
import static io.espalier.engine.run.TestingOutputs.journal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.adapter.onnx.OnnxAdapter;
import io.espalier.adapter.onnx.OnnxExecutor;
import io.espalier.engine.guard.PluginException;
import io.espalier.engine.plan.Plan;
import io.espalier.engine.plan.PlanFile;
import io.espalier.engine.reprove.PlanProof;
import io.espalier.engine.reprove.Rebuilding;
import io.espalier.engine.verify.Verification;
import io.espalier.engine.verify.VerificationOptions;
import io.espalier.graph.operator.Operators;
import io.espalier.spi.Budget;
import io.espalier.spi.adapter.AdapterContext;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.compensator.CompensationContext;
import io.espalier.spi.compensator.WeightCompensator;
import io.espalier.spi.data.Dataset;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.option.Options;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that repair weights after the cut. */
class RepairedRunTest {

    @TempDir
    private Path folder;

    private Path output() {
        return folder.resolve("pruned.onnx");
    }

    private TestingRun resnet() {
        return TestingRun.of(TestingRun.RESNET, output());
    }

    @Test
    void repairedWeightsAreWrittenAfterTheProof() throws IOException {
        Dataset data = TestingDataset.images(30, 2);
        PruningReport report = resnet().data(data)
                .repair(new Repair(new Doubling(1), Options.none(), data))
                .prune();

        assertThat(report.repair().orElseThrow().parameters()).isEqualTo(1);
        assertThat(report.evaluationAfterCut()).isPresent();
        assertThat(journal(folder))
                .anySatisfy(event -> assertThat(event.hasRepaired()).isTrue());
        try (Model pruned = new OnnxAdapter().open(output())) {
            assertThat(pruned.metadata()).containsEntry("espalier.repair", "testing-doubling");
        }
    }

    @Test
    void onlyTheRecordedWeightsOfARecoveryAreProved() {
        Dataset data = TestingDataset.images(3, 2);
        PruningReport report = resnet().repair(new Repair(new Doubling(1), Options.none(), data))
                .prune();
        Plan plan = PlanFile.read(report.files().plan());

        assertThat(plan.recovery()).isEqualTo(report.plan().recovery());
        assertThat(PlanFile.digest(plan)).isEqualTo(report.planDigest());
        String recovered = plan.recovery().orElseThrow().constants().get(0).name();
        assertThat(plan.recovery().orElseThrow().constants()).hasSize(1);
        try (Model original = open(TestingRun.RESNET);
                Model pruned = open(output())) {
            assertThat(prove(original, plan, pruned).differences()).isEmpty();
            assertThat(prove(original, plan, pruned).verification().outcome()).isEqualTo(Verification.Outcome.PROVED);
            for (String changed : List.of(recovered, another(pruned, recovered))) {
                Tensor doubled = doubled(pruned.graph().constants().get(changed), 1);
                Path file = folder.resolve("changed.onnx");
                pruned.write(file, List.of(new Edit.SetConstant(changed, doubled)), Map.of());
                try (Model tampered = open(file)) {
                    PlanProof.Result result = prove(original, plan, tampered);
                    assertThat(result.verification().outcome()).isEqualTo(Verification.Outcome.FAILED);
                    assertThat(result.differences()).extracting("name").containsExactly(changed);
                }
            }
        }
    }

    private static String another(Model model, String than) {
        return model.graph().constants().keySet().stream()
                .filter(name -> name.endsWith("weight") && !name.equals(than))
                .findFirst()
                .orElseThrow();
    }

    private static PlanProof.Result prove(Model original, Plan plan, Model pruned) {
        io.espalier.engine.coupling.Analysis analysis = io.espalier.engine.coupling.Analysis.of(original.graph());
        return new PlanProof(original, analysis.shapes(), analysis.coupling(), plan, Budget.DEFAULT)
                .prove(
                        pruned,
                        new Rebuilding("pruned.onnx", RepairedRunTest::open),
                        new OnnxExecutor(),
                        VerificationOptions.DEFAULT);
    }

    private static Model open(Path file) {
        return new OnnxAdapter().open(file, AdapterContext.of(new OnnxAdapter(), Operators.standard()));
    }

    @Test
    void aCompensatorThatChangesShapesIsNamed() throws IOException {
        Dataset data = TestingDataset.images(3, 2);

        assertThatThrownBy(() -> resnet().repair(new Repair(new Doubling(2), Options.none(), data))
                        .prune())
                .isInstanceOf(PluginException.class)
                .hasMessageMatching(
                        "The compensator 'testing-doubling' .* breaks its contract: it set '.*', which is .*");
        assertThat(files(folder)).containsExactly("pruned.onnx.events");
    }

    @Test
    void aCompensatorThatFindsNothingIsSaidToHaveRepairedNothing() throws IOException {
        Dataset data = TestingDataset.images(30, 2);
        PruningReport report = resnet().data(data)
                .repair(new Repair(new Doubling(0), Options.none(), data))
                .prune();

        assertThat(report.repair()).isEmpty();
        assertThat(report.plan().recovery()).isEmpty();
        assertThat(report.notes())
                .anySatisfy(note ->
                        assertThat(note).startsWith("nothing was repaired: the compensator 'testing-doubling'"));
        assertThat(journal(folder))
                .noneSatisfy(event -> assertThat(event.hasRepaired()).isTrue());
        assertThat(files(folder)).contains("pruned.onnx");
        try (Model pruned = new OnnxAdapter().open(output())) {
            assertThat(pruned.metadata()).doesNotContainKey("espalier.repair");
        }
    }

    /** Doubles the last constant, returns it twice as long, or changes nothing. */
    private record Doubling(int times) implements WeightCompensator {

        @Override
        public String name() {
            return "testing-doubling";
        }

        @Override
        public String description() {
            return "Doubles the last constant.";
        }

        @Override
        public List<Edit> compensate(CompensationContext context) {
            if (times == 0) {
                return List.of();
            }
            Graph pruned = context.pruned();
            String last = pruned.constants().keySet().stream()
                    .filter(name -> pruned.constants().get(name).type().isFloating())
                    .reduce((first, second) -> second)
                    .orElseThrow();
            return List.of(new Edit.SetConstant(last, doubled(pruned.constants().get(last), times)));
        }
    }

    private static Tensor doubled(Tensor before, int times) {
        double[] values = new double[Math.toIntExact(before.size()) * times];
        Tensors.forEach(before, (index, value) -> values[(int) index] = 2 * value);
        List<Long> shape = times == 1 ? before.shape() : List.of((long) values.length);
        return Tensors.fromDoubles(before.type(), shape, values);
    }
}
