package io.espalier.engine.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.engine.coupling.channel.Group;
import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.verify.Verification.Outcome;
import io.espalier.spi.execution.GraphExecutor.Settings;
import io.espalier.spi.execution.Runner;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.tensor.DataType;
import io.espalier.spi.tensor.Tensor;
import io.espalier.spi.tensor.Tensors;
import io.espalier.testkit.model.GraphBuilder;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BinaryOperator;
import org.junit.jupiter.api.Test;

/** Networks that choose between candidates whose scores are equal but for rounding. */
final class EqualCandidatesTest {

    private static final int HIDDEN = 96;
    private static final int CANDIDATES = 40;
    private static final int CHOSEN = 5;
    private static final int SEEDS = 8;

    /**
     * A hidden layer that is pruned, a score for each candidate, and values of those with the highest scores. Scores are
     * sums over the hidden units, which a runtime adds up in another order when there are fewer of them.
     */
    private static TestingPruning choosing(long seed, Choice choice) {
        GraphBuilder graph = new GraphBuilder("choosing", seed);
        String x = graph.input("x", "batch", 1, 24);
        String hidden = graph.relu(graph.linear("hidden", x, HIDDEN));
        String weighted = graph.mul(hidden, graph.constant("score.weight", nearlyEqual(seed)));
        String scores = graph.node("ReduceSum", List.of(weighted, graph.longs(-1)), "keepdims", 0);
        String values = graph.reshape(graph.linear("values", hidden, CANDIDATES), -1, CANDIDATES);
        String picked = graph.node("GatherElements", List.of(values, choice.of(graph, x, scores)), "axis", 1);
        return TestingPruning.of(
                graph.output(graph.follow(picked, "batch", CHOSEN)).build());
    }

    @FunctionalInterface
    private interface Choice {
        String of(GraphBuilder graph, String x, String scores);
    }

    private static String highest(GraphBuilder graph, String scores) {
        String count = graph.constant(Tensors.vector(CHOSEN));
        return graph.nodes("TopK", List.of(scores, count), 2, "axis", 1).get(1);
    }

    private static String inTheGraph(GraphBuilder graph, String x, String scores) {
        return highest(graph, scores);
    }

    private static String inABranch(GraphBuilder graph, String x, String scores) {
        String sum = graph.node("ReduceSum", List.of(x), "keepdims", 0);
        String positive = graph.node("Greater", List.of(sum, graph.scalar(0)));
        GraphBuilder yes = graph.body("yes");
        yes.output(DataType.INT64, highest(yes, scores));
        GraphBuilder no = graph.body("no");
        no.output(DataType.INT64, highest(no, no.unary("Neg", scores)));
        return graph.node("If", List.of(positive), "then_branch", yes.build(), "else_branch", no.build());
    }

    /** The same weights for every candidate, but for the last place. */
    private static Tensor nearlyEqual(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] weights = new float[HIDDEN];
        for (int i = 0; i < HIDDEN; i++) {
            weights[i] = (float) random.nextDouble(0.5, 1.5);
        }
        float[] values = new float[CANDIDATES * HIDDEN];
        for (int i = 0; i < values.length; i++) {
            values[i] = weights[i % HIDDEN] * (1 + 1e-7f * random.nextInt(3));
        }
        return Tensors.floats(List.of((long) CANDIDATES, (long) HIDDEN), values);
    }

    private static boolean choosesOtherwise(TestingPruning pruning, Removal removal, Verification found) {
        Graph masked = ReferenceGraph.of(pruning.graph(), pruning.shapes(), pruning.coupling(), removal);
        Graph cut = pruning.cut(removal);
        Map<String, Tensor> input = new RandomInputs(
                        masked, pruning.shapes(), pruning.coupling().operators())
                .make(1, Map.of("batch", 2L), Map.of());
        try (Runner first = TestingPruning.EXECUTOR.prepare(masked, Settings.DEFAULT);
                Runner second = TestingPruning.EXECUTOR.prepare(cut, Settings.DEFAULT)) {
            Comparison difference = new Comparison(Set.of(), 1);
            difference.add(first.run(input), second.run(input));
            return difference.maxRelative() > 10 * found.tolerance();
        }
    }

    private static void isProvedWhateverRoundingChooses(Choice choice) {
        int otherwise = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            TestingPruning pruning = choosing(seed, choice);
            Removal removal = pruning.randomRemoval(seed);
            Verification found = pruning.prove(removal);
            assertThat(found.outcome()).as("seed %d: %s", seed, found).isEqualTo(Outcome.PROVED);
            otherwise += choosesOtherwise(pruning, removal, found) ? 1 : 0;
        }
        assertThat(otherwise).as("networks in which rounding has chosen").isPositive();
    }

    private static void hidesNothing(Choice choice, BinaryOperator<Tensor> damage) {
        for (long seed = 1; seed <= SEEDS; seed++) {
            TestingPruning pruning = choosing(seed, choice);
            Group hidden = pruning.groups().get(0);
            Removal removal = pruning.removal(hidden, 0, 3, 5);
            Graph right = pruning.cut(removal);
            Graph wrong = pruning.cut(pruning.removal(hidden, 1, 3, 5));
            for (String weight : List.of("score.weight", "values.weight")) {
                Tensor damaged = damage.apply(
                        right.constants().get(weight), wrong.constants().get(weight));
                assertThat(pruning.verify(removal, right.withConstants(Map.of(weight, damaged)))
                                .outcome())
                        .as("seed %d: %s", seed, weight)
                        .isEqualTo(Outcome.FAILED);
            }
        }
    }

    @Test
    void whatRoundingChoosesIsTold() {
        isProvedWhateverRoundingChooses(EqualCandidatesTest::inTheGraph);
    }

    @Test
    void whatABranchChoosesIsTold() {
        isProvedWhateverRoundingChooses(EqualCandidatesTest::inABranch);
    }

    @Test
    void tellingHidesNoWrongCut() {
        hidesNothing(EqualCandidatesTest::inTheGraph, (right, wrong) -> wrong);
        hidesNothing(EqualCandidatesTest::inABranch, (right, wrong) -> wrong);
    }
}
