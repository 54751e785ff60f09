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
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Whatever is offered of heads, every random prune verifies. */
final class HeadsTest {

    private static final long SEEDS = 3;

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
                    List<Removal> removals = LongStream.rangeClosed(1, SEEDS)
                            .mapToObj(seed -> pruning.randomRemoval(seed, heads))
                            .filter(removal -> !removal.isEmpty())
                            .toList();
                    assertThat(removals.isEmpty()).as("nothing is removed").isEqualTo(pruning.offersNothing(heads));
                    assertThat(removals)
                            .allSatisfy(removal ->
                                    assertThat(pruning.prove(removal)).satisfies(HeadsTest::isProved));
                }));
    }

    private static void isProved(Verification verification) {
        assertThat(verification.outcome()).as(verification.toString()).isEqualTo(Outcome.PROVED);
    }
}
