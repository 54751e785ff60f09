package io.espalier.engine.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.verify.Verification.Outcome;
import io.espalier.graph.operator.Operators;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.model.GraphBuilder;
import io.espalier.testkit.model.Window;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a proof finds does not depend on how much of it is done side by side, which is bounded. */
final class ParallelProofTest {

    private static final int SEEDS = 3;
    private static final int INPUTS = 2 * SEEDS;

    private static TestingPruning image() {
        GraphBuilder graph = new GraphBuilder("image", 3);
        String x = graph.relu(graph.conv("conv1", graph.input("image", "batch", 2, 9, 9), 8, Window.same(3)));
        graph.output(graph.unary("Sigmoid", graph.conv("conv2", x, 3, Window.same(1))));
        return TestingPruning.of(graph.build());
    }

    private static Removal first(TestingPruning pruning) {
        return pruning.removal(pruning.groups().get(0), 0, 5);
    }

    private static Verification verify(
            TestingPruning pruning, Graph cut, TestingSessions sessions, long memory, int threads) {
        return Verifier.verify(
                pruning.graph(),
                pruning.coupling(),
                pruning.shapes(),
                first(pruning),
                cut,
                sessions,
                new VerificationOptions(4, SEEDS, Map.of(), Optional.empty(), memory, threads));
    }

    private static Verification verify(TestingPruning pruning, Graph cut, int threads) {
        return verify(pruning, cut, new TestingSessions(), VerificationOptions.DEFAULT_MEMORY, threads);
    }

    private static void requireTheSame(TestingPruning pruning, Graph cut, Outcome outcome) {
        Verification alone = verify(pruning, cut, 1);
        assertThat(alone.outcome()).isEqualTo(outcome);
        for (int threads : new int[] {2, 3, 8}) {
            assertThat(verify(pruning, cut, threads)).isEqualTo(alone);
        }
    }

    @Test
    void aSoundCutIsProvedAlike() {
        requireTheSame(image(), image().cut(first(image())), Outcome.PROVED);
    }

    @Test
    void aWrongCutFailsAlike() {
        Graph cut = image().cut(first(image()));
        float[] weights = Tensors.toFloats(cut.constants().get("conv2.weight"));
        weights[1] += 0.1f;
        Tensor wrong = Tensors.floats(cut.constants().get("conv2.weight").shape(), weights);
        requireTheSame(image(), cut.withConstants(Map.of("conv2.weight", wrong)), Outcome.FAILED);
    }

    @Test
    void aModelThatDoesNotLoadFailsAlike() {
        Tensor whole = image().graph().constants().get("conv2.weight");
        Graph broken = image().cut(first(image())).withConstants(Map.of("conv2.weight", whole));
        requireTheSame(image(), broken, Outcome.FAILED);
    }

    @Test
    void deadChannelsAreProvedAlike() {
        Tensor weight = image().graph().constants().get("conv2.weight");
        Tensor zeros = Tensors.floats(weight.shape(), new float[(int) weight.size()]);
        Tensor ones = Tensors.floats(List.of(3L), new float[] {1, 2, 3});
        TestingPruning dead =
                TestingPruning.of(image().graph().withConstants(Map.of("conv2.weight", zeros, "conv2.bias", ones)));
        requireTheSame(
                dead,
                dead.cut(first(dead)),
                verify(dead, dead.cut(first(dead)), 1).outcome());
    }

    @Test
    void nothingRunsTwiceAndTheThreadsBoundWhatRuns() {
        TestingPruning pruning = image();
        Graph cut = pruning.cut(first(pruning));
        for (int threads : new int[] {1, 2, 5}) {
            TestingSessions sessions = new TestingSessions();
            verify(pruning, cut, sessions, VerificationOptions.DEFAULT_MEMORY, threads);
            // What loads the libraries; the original, optimised and not, masked; the pruned graph, and with the value
            // before the sigmoid.
            assertThat(sessions.prepared.get()).isEqualTo(7);
            assertThat(sessions.runs.get()).isEqualTo(6 * INPUTS);
            assertThat(sessions.mostRunning.get()).isLessThanOrEqualTo(threads);
            assertThat(sessions.mostOpen.get()).isLessThanOrEqualTo(threads + 1);
            assertThat(sessions.open()).isZero();
        }
    }

    @Test
    void whatDoesNotFitTheMemoryTogetherRunsInTurn() {
        TestingPruning pruning = image();
        long activations = Activations.peak(pruning.graph(), pruning.shapes(), Map.of("batch", 3L));
        long one = 2 * Blocks.weigh(pruning.graph()) + activations;
        VerificationOptions options = new VerificationOptions(4, SEEDS, Map.of(), Optional.empty(), 2 * one - 1, 8);
        assertThat(options.workers(pruning.graph(), pruning.shapes(), Operators.standard()))
                .isEqualTo(1);
        TestingSessions sessions = new TestingSessions();
        verify(pruning, pruning.cut(first(pruning)), sessions, 2 * one - 1, 8);
        assertThat(sessions.mostRunning.get()).isEqualTo(1);
    }

    @Test
    void activationsAreThoseAliveAtTheSameTime() {
        GraphBuilder graph = new GraphBuilder("chain", 1);
        String x = graph.input("x", "batch", 100);
        String y = graph.relu(graph.relu(graph.relu(x)));
        graph.output(graph.node("ReduceSum", List.of(y), "keepdims", 0));
        TestingPruning pruning = TestingPruning.of(graph.build());
        assertThat(Activations.peak(pruning.graph(), pruning.shapes(), Map.of("batch", 5L)))
                .isEqualTo(2 * 5 * 100 * 4);
    }

    @Test
    void theProofEndsOnlyWhenNothingRunsAnyMore() {
        CountDownLatch begun = new CountDownLatch(1);
        AtomicInteger ended = new AtomicInteger();
        Workers workers = new Workers(2);
        workers.start(() -> {
            begun.countDown();
            while (true) {
                try {
                    workers.checkOpen();
                    Thread.onSpinWait();
                } catch (CancellationException e) {
                    ended.incrementAndGet();
                    throw e;
                }
            }
        });
        assertThatThrownBy(() -> {
                    try (workers) {
                        begun.await();
                        throw new IllegalArgumentException("stop");
                    }
                })
                .hasMessage("stop");
        assertThat(ended).hasValue(1);
    }
}
