package io.espalier.engine.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.espalier.adapter.onnx.OnnxAdapter;
import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.surgery.Surgery;
import io.espalier.engine.verify.Verification.Outcome;
import io.espalier.graph.operator.Operators;
import io.espalier.spi.adapter.AdapterContext;
import io.espalier.spi.adapter.ForwardingModel;
import io.espalier.spi.adapter.Model;
import io.espalier.spi.execution.ForwardingRunner;
import io.espalier.spi.execution.GraphExecutor;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.execution.Session;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.ValueType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.model.GraphBuilder;
import io.espalier.testkit.model.HardCases;
import io.espalier.testkit.model.Networks;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

final class BlockwiseProofTest {

    private static final Path EXAMPLES = Path.of("..", "..", "docs", "examples");
    private static final int BLOCKS = 5;
    private static final long WHOLE = Long.MAX_VALUE;

    @TempDir
    private Path folder;

    private static VerificationOptions within(long memory) {
        return new VerificationOptions(1, 1, Map.of(), Optional.empty(), memory, 2);
    }

    /** So little memory that a graph falls into some blocks. */
    private static long little(Graph graph) {
        return Math.max(2, 2 * Blocks.weigh(graph) / BLOCKS);
    }

    private static Verification verify(
            TestingPruning pruning, Removal removal, Graph pruned, long memory, GraphExecutor executor) {
        return Verifier.verify(
                pruning.graph(), pruning.coupling(), pruning.shapes(), removal, pruned, executor, within(memory));
    }

    private static Verification verify(TestingPruning pruning, Removal removal, Graph pruned, long memory) {
        return verify(pruning, removal, pruned, memory, TestingPruning.EXECUTOR);
    }

    private static void agree(Verification blocks, Verification whole) {
        assertThat(blocks.outcome()).as("%s, as a whole %s", blocks, whole).isEqualTo(whole.outcome());
        assertThat(blocks.reason()).isEqualTo(whole.reason());
        assertThat(blocks.inputs()).isEqualTo(whole.inputs());
        assertThat(blocks.values()).isEqualTo(whole.values());
        assertThat(blocks.maxRelative()).isCloseTo(whole.maxRelative(), offset(whole.tolerance()));
    }

    @TestFactory
    Stream<DynamicTest> networksAreProvedLikeWholeOnes() {
        return Networks.small().entrySet().stream()
                .map(entry -> dynamicTest(entry.getKey(), () -> {
                    TestingPruning pruning = TestingPruning.of(entry.getValue().apply(1));
                    Removal removal = pruning.randomRemoval(1);
                    Graph cut = pruning.cut(removal);
                    assertThat(Blocks.of(
                                    pruning.graph(),
                                    pruning.shapes(),
                                    pruning.coupling().operators(),
                                    little(pruning.graph()) / 2))
                            .hasSizeGreaterThan(1);
                    agree(verify(pruning, removal, cut, little(pruning.graph())), verify(pruning, removal, cut, WHOLE));
                }));
    }

    @TestFactory
    Stream<DynamicTest> hardCasesAreProvedOperatorByOperator() {
        return HardCases.all().stream()
                .map(hard -> dynamicTest(hard.name(), () -> {
                    TestingPruning pruning = TestingPruning.of(hard.graph());
                    Removal removal = pruning.randomRemoval(1);
                    Graph cut = pruning.cut(removal);
                    agree(verify(pruning, removal, cut, 2), verify(pruning, removal, cut, WHOLE));
                }));
    }

    @Test
    void defectsThatShowAreFound() {
        int shown = 0;
        for (String network : List.of("resnet18", "llama")) {
            TestingPruning pruning =
                    TestingPruning.of(Networks.small().get(network).apply(2));
            Removal removal = pruning.randomRemoval(2);
            Graph cut = pruning.cut(removal);
            List<String> weights = cut.constants().entrySet().stream()
                    .filter(entry -> entry.getKey().endsWith(".weight"))
                    .map(Map.Entry::getKey)
                    .toList();
            for (int i = 0; i < weights.size(); i += Math.max(1, weights.size() / 4)) {
                Graph broken = cut.withConstants(
                        Map.of(weights.get(i), nudged(cut.constants().get(weights.get(i)))));
                Verification found = verify(pruning, removal, broken, little(pruning.graph()));
                // Behind a rectifier that lets nothing through, a weight may be what it wants.
                if (verify(pruning, removal, broken, WHOLE).outcome() == Outcome.FAILED) {
                    shown++;
                    assertThat(found.outcome())
                            .as("%s with another %s: %s", network, weights.get(i), found)
                            .isEqualTo(Outcome.FAILED);
                }
            }
        }
        assertThat(shown).isGreaterThan(6);
    }

    private static Tensor nudged(Tensor weight) {
        double[] values = Tensors.toDoubles(weight);
        for (int i = 0; i < values.length; i += 2) {
            values[i] = 1.5 * values[i] + 0.1;
        }
        return Tensors.fromDoubles(weight.type(), weight.shape(), values);
    }

    @Test
    void whatALaterBlockForgetsIsSeenBetweenBlocks() {
        GraphBuilder graph = new GraphBuilder("forgets", 3);
        String x = graph.linear("first", graph.input("x", "batch", 6), 8);
        String forgotten = graph.mul(graph.linear("second", x, 8), graph.scalar(0));
        graph.output(graph.linear("last", graph.add(x, forgotten), 4));
        TestingPruning pruning = TestingPruning.of(graph.build());
        Removal removal = pruning.removal(pruning.groups().get(0), 1);
        Graph cut = pruning.cut(removal);
        Graph broken =
                cut.withConstants(Map.of("second.weight", nudged(cut.constants().get("second.weight"))));
        assertThat(verify(pruning, removal, broken, WHOLE).outcome()).isEqualTo(Outcome.PROVED);
        Verification found = verify(pruning, removal, broken, 2);
        assertThat(found.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(found.reason()).contains("between two blocks");
    }

    @Test
    void noMoreThanTheWeightsOfABlockAreLoaded() {
        TestingPruning pruning =
                TestingPruning.of(Networks.small().get("resnet50").apply(1));
        Removal removal = pruning.randomRemoval(1);
        long memory = little(pruning.graph());
        CountingExecutor executor = new CountingExecutor();
        assertThat(verify(pruning, removal, pruning.cut(removal), memory, executor)
                        .outcome())
                .isEqualTo(Outcome.PROVED);
        assertThat(executor.together).as("runners at the same time").isEqualTo(1);
        // The masks of a block come on top of its weights.
        assertThat(executor.heaviest).isLessThan(memory);
    }

    /** Counts what is loaded. */
    private static final class CountingExecutor implements GraphExecutor {

        private int open;
        private int together;
        private long heaviest;

        @Override
        public String name() {
            return "counting";
        }

        @Override
        public String description() {
            return "Counts what is loaded.";
        }

        @Override
        public Session prepare(Graph graph, Settings settings, Map<String, String> state) {
            Session session = TestingPruning.EXECUTOR.prepare(graph, settings, state);
            together = Math.max(together, ++open);
            heaviest = Math.max(heaviest, Blocks.weigh(graph));
            return new Counted(session);
        }

        private final class Counted extends ForwardingRunner implements Session {

            private final Session session;

            Counted(Session session) {
                super(session);
                this.session = session;
            }

            @Override
            public Map<String, Tensor> state() {
                return session.state();
            }

            @Override
            public void close() {
                open--;
                super.close();
            }
        }
    }

    @Test
    void deadChannelsAreProvedWithOtherWeights() {
        GraphBuilder graph = new GraphBuilder("dead", 3);
        String x = graph.linear("first", graph.input("x", "batch", 6), 8);
        graph.output(graph.linear("last", graph.linear("second", x, 8), 4));
        Graph dead = graph.build().withConstants(Map.of("second.weight", zeros(8, 8)));
        TestingPruning pruning = TestingPruning.of(dead);
        Removal removal = pruning.removal(pruning.groups().get(0), 1);
        Graph cut = pruning.cut(removal);
        Verification found = verify(pruning, removal, cut, 2);
        assertThat(found.outcome()).as(found.toString()).isEqualTo(Outcome.PROVED);
        agree(found, verify(pruning, removal, cut, WHOLE));
    }

    private static Tensor zeros(long... shape) {
        long size = 1;
        for (long extent : shape) {
            size *= extent;
        }
        return Tensors.floats(Tensors.shape(shape), new float[Math.toIntExact(size)]);
    }

    @TestFactory
    Stream<DynamicTest> filesAreProvedInTheirRuntime() {
        return Stream.of("fashion-resnet20.onnx", "fashion-mobilenet.onnx", "fashion-vit.onnx")
                .map(name -> dynamicTest(name, () -> {
                    try (Model model = new OnnxAdapter()
                            .open(EXAMPLES.resolve(name), AdapterContext.of(new OnnxAdapter(), Operators.standard()))) {
                        TestingPruning pruning = TestingPruning.of(model.graph());
                        Removal removal = pruning.randomRemoval(1);
                        Path target = folder.resolve(name);
                        model.write(
                                target,
                                Surgery.prune(model.graph(), pruning.shapes(), pruning.coupling(), removal)
                                        .edits(),
                                Map.of());
                        try (Model pruned = new OnnxAdapter()
                                .open(target, AdapterContext.of(new OnnxAdapter(), Operators.standard()))) {
                            Watched watched = new Watched(model);
                            long memory = little(model.graph());
                            Verification blocks = verify(pruning, watched, removal, pruned, memory);
                            agree(blocks, verify(pruning, model, removal, pruned, WHOLE));
                            assertThat(blocks.lift()).isLessThan(blocks.tolerance());
                            assertThat(watched.whole).isZero();
                            assertThat(watched.parts).isGreaterThan(1);
                            watched.loadsParts = false;
                            agree(verify(pruning, watched, removal, pruned, memory), blocks);
                            assertThat(watched.whole).isEqualTo(1);
                        }
                    }
                }));
    }

    private static Verification verify(
            TestingPruning pruning, Model model, Removal removal, Model pruned, long memory) {
        return Verifier.verify(
                model, pruning.coupling(), pruning.shapes(), removal, pruned, TestingPruning.EXECUTOR, within(memory));
    }

    /** A model that counts how it is loaded. */
    private static final class Watched extends ForwardingModel {

        private boolean loadsParts = true;
        private int whole;
        private int parts;

        Watched(Model model) {
            super(model);
        }

        @Override
        public Runner runner() {
            whole++;
            return super.runner();
        }

        @Override
        public Optional<Runner> runner(Map<String, ValueType> inputs, List<String> outputs) {
            parts++;
            return loadsParts ? super.runner(inputs, outputs) : Optional.empty();
        }
    }

    @TestFactory
    Stream<DynamicTest> blocksMakeEveryValueOnceAndPassOnWhatIsRead() {
        return Networks.small().entrySet().stream()
                .map(entry -> dynamicTest(entry.getKey(), () -> {
                    TestingPruning pruning = TestingPruning.of(entry.getValue().apply(1));
                    Graph graph = pruning.graph();
                    List<Blocks.Block> blocks = Blocks.of(
                            graph, pruning.shapes(), pruning.coupling().operators(), Blocks.weigh(graph) / 7);
                    List<String> made = new ArrayList<>();
                    blocks.forEach(block -> made.addAll(block.made()));
                    assertThat(made)
                            .containsExactlyElementsOf(graph.nodes().stream()
                                    .flatMap(node -> node.outputs().stream())
                                    .toList());
                    for (int i = 0; i < blocks.size(); i++) {
                        assertThat(blocks.get(i).live())
                                .as("what crosses block %d", i)
                                .hasSizeLessThan(12);
                    }
                    assertThat(blocks.get(blocks.size() - 1).live()).isEmpty();
                }));
    }
}
