package io.espalier.engine.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.espalier.engine.coupling.channel.Heads;
import io.espalier.engine.coupling.channel.Removal;
import io.espalier.engine.verify.Verification.Outcome;
import io.espalier.spi.graph.Graph;
import io.espalier.testkit.model.HardCases;
import io.espalier.testkit.model.Networks;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Whatever is offered of heads, every random prune verifies. */
final class HeadsTest {

    private static Map<String, Supplier<Graph>> graphs() {
        Map<String, Supplier<Graph>> graphs = new LinkedHashMap<>();
        Networks.small().forEach((name, network) -> graphs.put(name, () -> network.apply(1)));
        HardCases.all().forEach(hard -> graphs.put(hard.name(), hard::graph));
        return graphs;
    }

    @TestFactory
    Stream<DynamicTest> smallerHeads() {
        return everywhere(Heads.SIZE);
    }

    @TestFactory
    Stream<DynamicTest> fewerAndSmallerHeads() {
        return everywhere(Heads.BOTH);
    }

    private static Stream<DynamicTest> everywhere(Heads heads) {
        return graphs().entrySet().stream()
                .map(entry -> dynamicTest(entry.getKey(), () -> {
                    TestingPruning pruning = TestingPruning.of(entry.getValue().get());
                    for (long seed = 1; seed <= 2; seed++) {
                        Removal removal = pruning.randomRemoval(seed, heads);
                        if (!removal.isEmpty()) {
                            assertThat(pruning.prove(removal))
                                    .as("seed %d", seed)
                                    .satisfies(HeadsTest::isNotRefuted);
                        }
                    }
                }));
    }

    private static void isNotRefuted(Verification verification) {
        assertThat(verification.outcome()).as(verification.reason()).isNotEqualTo(Outcome.FAILED);
    }
}
