package io.espalier.engine.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.espalier.engine.coupling.channel.Heads;
import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.verify.Verification.Outcome;
import io.espalier.spi.graph.Graph;
import io.espalier.spi.graph.Node;
import io.espalier.testkit.model.HardCases;
import io.espalier.testkit.model.Networks;
import io.espalier.testkit.model.RandomGraphs;
import io.espalier.testkit.model.RandomGraphs.Generated;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every random prune verifies.
 *
 * <p>The system property {@code espalier.randomGraphs} says how many random graphs of each kind are tried.
 */
final class PruneAndVerifyTest {

    private static final long RANDOM_GRAPHS = Long.getLong("espalier.randomGraphs", 150);
    private static final double MOST_WITHOUT_EFFECT = 0.05;
    private static final Set<String> WITHOUT_EFFECT =
            Set.of("masking what is removed changes no output", "the outputs are constant, so nothing could be seen");

    @TestFactory
    Stream<DynamicTest> smallNetworks() {
        return Networks.small().entrySet().stream()
                .map(entry -> dynamicTest(entry.getKey(), () -> {
                    TestingPruning pruning = TestingPruning.of(entry.getValue().apply(1));
                    Removal removal = pruning.randomRemoval(1);
                    assertThat(removal.isEmpty()).as("nothing is removed").isFalse();
                    assertThat(pruning.prove(removal)).satisfies(PruneAndVerifyTest::isProved);
                }));
    }

    @TestFactory
    Stream<DynamicTest> hardCases() {
        return HardCases.all().stream()
                .map(hard -> dynamicTest(hard.name(), () -> {
                    TestingPruning pruning = TestingPruning.of(hard.graph());
                    List<Removal> removals = LongStream.rangeClosed(1, 3)
                            .mapToObj(pruning::randomRemoval)
                            .filter(removal -> !removal.isEmpty())
                            .toList();
                    assertThat(removals.isEmpty())
                            .as("nothing is removed")
                            .isEqualTo(pruning.offersNothing(Heads.WHOLE));
                    assertThat(removals)
                            .allSatisfy(removal ->
                                    assertThat(pruning.prove(removal)).satisfies(PruneAndVerifyTest::isProved));
                }));
    }

    @Test
    void mostHardCasesOfferSomething() {
        List<Boolean> offers = HardCases.all().stream()
                .map(hard -> !TestingPruning.of(hard.graph()).offersNothing(Heads.WHOLE))
                .toList();
        assertThat(offers.stream().filter(offer -> offer).count()).isGreaterThan(9L * offers.size() / 10);
    }

    @Test
    void plainRandomGraphs() {
        verifyAll(RandomGraphs::plain);
    }

    @Test
    void exoticRandomGraphs() {
        verifyAll(RandomGraphs::exotic);
    }

    private static void isProved(Verification verification) {
        assertThat(verification.outcome()).as(verification.toString()).isEqualTo(Outcome.PROVED);
    }

    /** Some random graphs ignore whole branches, so that a removal can be without effect; that must be rare. */
    private static void verifyAll(LongFunction<Generated> generator) {
        List<Long> withoutEffect = new ArrayList<>();
        for (long seed : LongStream.range(0, RANDOM_GRAPHS).toArray()) {
            long removal = seed;
            Generated generated = generator.apply(seed);
            String problem = problem(generated.graph(), removal);
            if (WITHOUT_EFFECT.contains(problem)) {
                withoutEffect.add(seed);
            } else if (!problem.isEmpty()) {
                throw new AssertionError("seed " + seed + ": " + problem + "\n" + shrunk(generated, removal));
            }
        }
        assertThat(withoutEffect).hasSizeLessThan((int) Math.ceil(MOST_WITHOUT_EFFECT * RANDOM_GRAPHS));
    }

    /** Why a random removal does not verify, empty when it does. */
    private static String problem(Graph graph, long seed) {
        try {
            TestingPruning pruning = TestingPruning.of(graph);
            Verification verification = pruning.prove(pruning.randomRemoval(seed));
            return verification.outcome() == Outcome.PROVED ? "" : verification.reason();
        } catch (IllegalStateException defect) {
            return defect.toString();
        }
    }

    private static String shrunk(Generated failing, long removal) {
        Generated fewerSteps = RandomGraphs.shrink(failing, smaller -> fails(smaller.graph(), removal));
        Graph smallest =
                RandomGraphs.shrink(fewerSteps.graph(), fewerSteps.shapes(), smaller -> fails(smaller, removal));
        return problem(smallest, removal) + "\n" + describe(smallest);
    }

    private static boolean fails(Graph graph, long removal) {
        String problem = problem(graph, removal);
        return !problem.isEmpty() && !WITHOUT_EFFECT.contains(problem);
    }

    private static String describe(Graph graph) {
        String nodes = graph.nodes().stream().map(Node::toString).collect(Collectors.joining("\n"));
        String constants = graph.constants().entrySet().stream()
                .map(entry -> entry.getKey() + entry.getValue().shape())
                .collect(Collectors.joining(", "));
        return nodes + "\nconstants: " + constants + "\noutputs: " + graph.outputs();
    }
}
