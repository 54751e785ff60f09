package io.espalier.adapter.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.adapter.onnx.OnnxExecutor;
import io.espalier.engine.coupling.Coupling;
import io.espalier.engine.coupling.CouplingAnalysis;
import io.espalier.engine.coupling.channel.CoupledChannel;
import io.espalier.engine.coupling.channel.Groups;
import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.depth.ResidualBlock;
import io.espalier.engine.depth.ResidualBlocks;
import io.espalier.engine.depth.Shortened;
import io.espalier.engine.surgery.Surgery;
import io.espalier.engine.verify.Verification;
import io.espalier.engine.verify.Verification.Outcome;
import io.espalier.engine.verify.VerificationOptions;
import io.espalier.engine.verify.Verifier;
import io.espalier.graph.operator.Operators;
import io.espalier.graph.shape.Shapes;
import io.espalier.spi.InvalidInputException;
import io.espalier.spi.adapter.Edit;
import io.espalier.spi.adapter.Model;
import io.espalier.testkit.GraphDifference;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.learning.config.Adam;

/** Residual blocks are left out of a ComputationGraph, with their vertices, parameters and updater state. */
class ResidualBlocksTest {

    @TempDir
    Path folder;

    private TestingNetworks.Trainable trainable;
    private Path file;

    @BeforeEach
    void train() throws IOException {
        trainable = TestingNetworks.resnet(new Adam(1e-3)).train(3);
        file = Testing.save(trainable.network(), folder.resolve("resnet.zip"));
    }

    /** Leaves blocks out, and every second channel of each group, where wanted, and proves it. */
    private Verification prove(Model model, Shapes shapes, Shortened rest, boolean narrow, Path target) {
        Coupling coupling = CouplingAnalysis.analyse(rest.graph(), shapes, Operators.standard());
        List<CoupledChannel> channels = Groups.of(coupling, each -> each).stream()
                .flatMap(group ->
                        group.channels().subList(0, narrow ? group.channels().size() / 2 : 0).stream())
                .toList();
        Removal removal = Removal.of(channels);
        List<Edit> edits = Surgery.prune(rest.graph(), shapes, coupling, removal)
                .after(rest.edits())
                .edits();
        model.write(target, edits, Map.of());
        try (Model pruned = new Dl4jAdapter().open(target)) {
            if (!narrow) {
                assertThat(GraphDifference.first(rest.graph(), pruned.graph())).isEmpty();
            }
            return Verifier.verify(
                    model,
                    rest.edits(),
                    coupling,
                    shapes,
                    removal,
                    pruned,
                    new OnnxExecutor(),
                    VerificationOptions.DEFAULT);
        }
    }

    @Test
    void anyBlocksAreLeftOutAndTheNetworkTrainsOn() throws IOException {
        try (Model model = new Dl4jAdapter().open(file)) {
            Shapes shapes = Operators.standard().infer(model.graph());
            List<ResidualBlock> blocks =
                    ResidualBlocks.of(Shortened.whole(model.graph()), shapes, Operators.standard());
            assertThat(blocks).extracting(ResidualBlock::sum).containsExactly("block1/add", "block2/add");
            Shortened whole = Shortened.whole(model.graph());
            List<Shortened> some = List.of(
                    whole.without(blocks.get(0)),
                    whole.without(blocks.get(1)),
                    whole.without(blocks.get(1)).without(blocks.get(0)));
            for (Shortened rest : some) {
                for (boolean narrow : new boolean[] {false, true}) {
                    assertShorter(model, shapes, rest, narrow);
                }
            }
        }
    }

    /** Proves a network without blocks, and trains it on. */
    private void assertShorter(Model model, Shapes shapes, Shortened rest, boolean narrow) throws IOException {
        Path target = folder.resolve("shorter.zip");
        assertThat(prove(model, shapes, rest, narrow, target).outcome())
                .as("without %s", rest.edits())
                .isEqualTo(Outcome.PROVED);
        ComputationGraph smaller = ModelSerializer.restoreComputationGraph(target.toFile(), true);
        assertThat(smaller.numParams()).isLessThan(trainable.network().numParams());
        long state = smaller.getUpdater().getStateViewArray().length();
        new TestingNetworks.Trainable(smaller, trainable.batch()).train(2);
        assertThat(smaller.params().sumNumber().doubleValue()).isFinite();
        assertThat(smaller.getUpdater().getStateViewArray().length()).isEqualTo(state);
    }

    @Test
    void branchesOfSumsOfManyAreLeftOutUntilNoneIsThere() throws IOException {
        trainable = TestingNetworks.branches(new Adam(1e-3)).train(3);
        file = Testing.save(trainable.network(), folder.resolve("branches.zip"));
        try (Model model = new Dl4jAdapter().open(file)) {
            Shapes shapes = Operators.standard().infer(model.graph());
            Shortened rest = Shortened.whole(model.graph());
            for (int left = 4; left > 0; left--) {
                List<ResidualBlock> blocks = ResidualBlocks.of(rest, shapes, Operators.standard());
                assertThat(blocks).as("without %s", rest.edits()).hasSize(left);
                rest = rest.without(blocks.get(left / 2));
                assertShorter(model, shapes, rest, left % 2 == 0);
            }
        }
    }

    @Test
    void aSumInsideOfALayerIsRefusedByName() {
        try (Model model = new Dl4jAdapter().open(file)) {
            String layer = model.graph().nodes().stream()
                    .filter(node -> node.operator().equals("Conv"))
                    .findFirst()
                    .orElseThrow()
                    .id();
            assertThatThrownBy(() ->
                            model.write(folder.resolve("refused.zip"), List.of(new Edit.Omit(layer, 0)), Map.of()))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("'" + layer + "' cannot be left out: it is part of a layer");
        }
    }
}
