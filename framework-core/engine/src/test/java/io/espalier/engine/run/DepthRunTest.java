package io.espalier.engine.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.adapter.onnx.OnnxAdapter;
import io.espalier.adapter.onnx.OnnxExecutor;
import io.espalier.engine.allocate.Target.Metric;
import io.espalier.engine.coupling.Analysis;
import io.espalier.engine.plan.Plan;
import io.espalier.engine.plan.Plan.PlannedBlock;
import io.espalier.engine.plan.PlanFile;
import io.espalier.engine.reprove.PlanProof;
import io.espalier.engine.reprove.Rebuilding;
import io.espalier.engine.search.SearchRecord;
import io.espalier.engine.verify.Verification.Outcome;
import io.espalier.engine.verify.VerificationOptions;
import io.espalier.graph.operator.Operators;
import io.espalier.plugin.obs.ObsCompensator;
import io.espalier.spi.Budget;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.adapter.AdapterContext;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.option.Options;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Residual blocks that are left out, with everything that a run brings. */
final class DepthRunTest {

    private static final int BLOCKS = 9;

    @TempDir
    private Path folder;

    private TestingRun resnet(String output) {
        return TestingRun.of(TestingRun.RESNET, folder.resolve(output));
    }

    private Plan plan(String output) throws IOException {
        return PlanFile.read(folder.resolve(output + ".plan.json"));
    }

    private static Model open(Path file) {
        return new OnnxAdapter().open(file, AdapterContext.of(new OnnxAdapter(), Operators.standard()));
    }

    private PlanProof.Result prove(Plan plan, String pruned) {
        try (Model original = open(TestingRun.RESNET);
                Model file = open(folder.resolve(pruned))) {
            Analysis analysis = Analysis.of(original.graph());
            return new PlanProof(original, analysis.shapes(), analysis.coupling(), plan, Budget.DEFAULT)
                    .prove(
                            file,
                            new Rebuilding(pruned, DepthRunTest::open),
                            new OnnxExecutor(),
                            VerificationOptions.DEFAULT);
        }
    }

    @Test
    void blocksAloneAreLeftOutAndProved() throws IOException {
        PruningReport report = resnet("a.onnx").target("channels=100%").depth(2).prune();

        assertThat(report.verification().outcome()).isEqualTo(Outcome.PROVED);
        assertThat(report.plan().removed()).isZero();
        assertThat(report.plan().blocks()).hasSize(2);
        long macs =
                report.plan().blocks().stream().mapToLong(PlannedBlock::macs).sum();
        long parameters = report.plan().blocks().stream()
                .mapToLong(PlannedBlock::parameters)
                .sum();
        assertThat(report.pruned().cost().macs())
                .isEqualTo(report.plan().predicted().macs())
                .isEqualTo(report.original().cost().macs() - macs);
        assertThat(report.pruned().cost().parameters())
                .isEqualTo(report.plan().predicted().parameters())
                .isEqualTo(report.original().cost().parameters() - parameters);
        assertThat(Files.size(folder.resolve("a.onnx")))
                .isLessThanOrEqualTo(report.plan().predicted().bytes());
        assertThat(PlanFile.digest(plan("a.onnx"))).isEqualTo(report.planDigest());
        try (Model original = open(TestingRun.RESNET);
                Model pruned = open(folder.resolve("a.onnx"))) {
            Set<String> gone = new HashSet<>(original.graph().constants().keySet());
            gone.removeAll(pruned.graph().constants().keySet());
            assertThat(gone).hasSizeGreaterThanOrEqualTo(4);
            assertThat(pruned.graph().nodes())
                    .hasSizeLessThan(original.graph().nodes().size() - 8);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"fashion-vit.onnx", "fashion-mobilenet.onnx"})
    void otherNetworksLoseBlocksAndChannelsAlike(String network) {
        PruningReport report = TestingRun.of(TestingRun.EXAMPLES.resolve(network), folder.resolve("a.onnx"))
                .target("macs=60%")
                .depth(2)
                .prune();

        assertThat(report.verification().outcome()).isEqualTo(Outcome.PROVED);
        assertThat(report.pruned().cost().macs())
                .isEqualTo(report.plan().predicted().macs());
        assertThat(report.pruned().cost().parameters())
                .isEqualTo(report.plan().predicted().parameters());
    }

    @Test
    void sharesOfATargetAreSharesOfTheWholeModel() {
        PruningReport report = resnet("a.onnx").target("macs=50%").depth(3).prune();

        long limit = report.original().cost().macs() / 2;
        assertThat(report.verification().outcome()).isEqualTo(Outcome.PROVED);
        assertThat(report.plan().removed()).isPositive();
        assertThat(report.pruned().cost().macs())
                .isEqualTo(report.plan().predicted().macs())
                .isLessThanOrEqualTo(limit)
                .isGreaterThan(limit * 9 / 10);
    }

    @Test
    void aPlanIsReplayedToTheSameBytesAndProved() throws IOException {
        resnet("a.onnx").target("macs=60%").depth(2).prune();
        resnet("b.onnx").replay(plan("a.onnx")).prune();

        assertThat(folder.resolve("b.onnx")).hasSameBinaryContentAs(folder.resolve("a.onnx"));
        assertThat(folder.resolve("b.onnx.plan.json")).hasSameBinaryContentAs(folder.resolve("a.onnx.plan.json"));
        assertThat(prove(plan("a.onnx"), "a.onnx").verification().outcome()).isEqualTo(Outcome.PROVED);
    }

    @Test
    void aFileWithoutOtherBlocksThanPlannedIsFound() throws IOException {
        resnet("a.onnx").target("channels=100%").depth(1).prune();
        resnet("b.onnx").target("channels=100%").depth(2).prune();

        PlanProof.Result result = prove(plan("a.onnx"), "b.onnx");
        assertThat(result.verification().outcome()).isEqualTo(Outcome.FAILED);
        assertThat(result.differences()).isNotEmpty();
    }

    @Test
    void whatRemainsIsFittedTowardsTheWholeModel() {
        PruningReport report = resnet("a.onnx")
                .target("channels=100%")
                .depth(1)
                .data(TestingDataset.images(100, 1))
                .repair(repair())
                .prune();

        assertThat(report.verification().outcome()).isEqualTo(Outcome.PROVED);
        assertThat(report.repair().orElseThrow().fitted())
                .anySatisfy(each -> assertThat(each.after()).isLessThan(each.before()));
    }

    static Repair repair() {
        return new Repair(
                new ObsCompensator(),
                Options.resolve("compensator 'obs'", new ObsCompensator().options(), Map.of()),
                TestingDataset.images(64, 2));
    }

    @Test
    void theNumberOfBlocksIsFoundByTryingSome() {
        PruningReport found =
                resnet("a.onnx").target("macs=50%").depthFoundOn(repair()).prune();
        int number = found.plan().blocks().size();

        assertThat(found.verification().outcome()).isEqualTo(Outcome.PROVED);
        assertThat(found.plan().settings().depth()).isEqualTo(number);
        assertThat(found.notes())
                .anyMatch(note -> note.startsWith(number + " residual blocks are left out before channels")
                        && note.matches(".*0: \\d.*, 1: \\d.*, 2: \\d.*"));
        resnet("b.onnx").target("macs=50%").depth(number, repair()).prune();
        assertThat(folder.resolve("b.onnx")).hasSameBinaryContentAs(folder.resolve("a.onnx"));
    }

    @Test
    void aPlanFindsTheSameNumber() {
        PruningReport pruned =
                resnet("a.onnx").target("macs=50%").depthFoundOn(repair()).prune();
        PlanResult planned = resnet("b.plan.json")
                .target("macs=50%")
                .depthFoundOn(repair())
                .run()
                .plan();

        assertThat(planned.plan()).isEqualTo(pruned.plan().withoutRecovery());
        assertThat(planned.notes())
                .anyMatch(note -> note.matches("\\d residual blocks are left out before channels.*"));
    }

    @Test
    void eachBudgetOfASearchIsTriedWithAsManyBlocksAsItIsWorth() {
        TestingDataset images;
        try (Model model = open(TestingRun.RESNET)) {
            images = TestingDataset.images(300, 3).labelledBy(model);
        }
        SearchRecord searched = resnet("a.onnx")
                .data(images)
                .search("accuracy=-60", Metric.MACS, 3)
                .depthFoundOn(repair())
                .prune()
                .search()
                .orElseThrow();
        String chosen = searched.chosen().orElseThrow().target();
        PruningReport alone = resnet("b.onnx")
                .data(images)
                .target(chosen)
                .depthFoundOn(repair())
                .prune();

        assertThat(searched.trials()).hasSize(3);
        assertThat(alone.pruned().cost().macs())
                .isEqualTo(searched.chosen().orElseThrow().cost().macs());
        assertThat(alone.pruned().evaluation().orElseThrow().value())
                .isEqualTo(searched.chosen().orElseThrow().value());
        assertThat(folder.resolve("b.onnx")).hasSameBinaryContentAs(folder.resolve("a.onnx"));
    }

    @Test
    void noMoreBlocksAreTriedThanMeetTheTarget() {
        PruningReport found =
                resnet("a.onnx").target("macs=95%").depthFoundOn(repair()).prune();

        assertThat(found.notes())
                .anyMatch(note -> note.matches(".* left out before channels.*\\(.*0: [.\\d]+, 1: [.\\d]+\\)"));
    }

    @Test
    void moreBlocksThanThereAreAreRefusedInASentence() {
        assertThatThrownBy(() -> resnet("a.onnx").depth(99).prune())
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("--depth asks for 99 residual blocks, but the model has " + BLOCKS
                        + " that can be left out; ask for at most " + BLOCKS + ".");
    }

    @Test
    void allBlocksCanBeLeftOut() {
        PruningReport report =
                resnet("a.onnx").target("channels=100%").depth(BLOCKS).prune();

        assertThat(report.verification().outcome()).isEqualTo(Outcome.PROVED);
        assertThat(report.plan().blocks()).extracting(PlannedBlock::sum).doesNotHaveDuplicates();
    }

    @Test
    void aPlanWithABlockThatIsNotThereIsRefused() throws IOException {
        resnet("a.onnx").target("channels=100%").depth(1).prune();
        Plan plan = plan("a.onnx");
        String sum = plan.blocks().get(0).sum();
        String text = Files.readString(folder.resolve("a.onnx.plan.json"));
        for (String changed : List.of(
                text.replace("\"sum\" : \"" + sum + "\"", "\"sum\" : \"nothing\""),
                text.replaceAll("\"slot\" : [01],", "\"slot\" : 9,"))) {
            assertThat(changed).isNotEqualTo(text);
            assertThatThrownBy(() -> resnet("b.onnx")
                            .replay(PlanFile.parse(changed.getBytes(StandardCharsets.UTF_8), "changed"))
                            .prune())
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageStartingWith("The plan does not fit the model: no block ends in '");
        }
    }
}
