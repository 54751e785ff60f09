package io.espalier.graph.gradient;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.espalier.spi.graph.Graph;
import io.espalier.testkit.model.Networks;
import io.espalier.testkit.model.RandomGraphs;
import io.espalier.testkit.model.RandomInputs;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Gradients of whole networks, by all their weights, are those of differences. */
class NetworkGradientsTest {

    private static final long SEEDS = 40;

    @TestFactory
    Stream<DynamicTest> networksOfTheField() {
        return Networks.small().entrySet().stream()
                .map(entry ->
                        dynamicTest(entry.getKey(), () -> check(entry.getValue().apply(1), 1)));
    }

    @TestFactory
    Stream<DynamicTest> randomNetworks() {
        return LongStream.rangeClosed(1, SEEDS)
                .mapToObj(seed -> dynamicTest(
                        "seed " + seed, () -> check(RandomGraphs.exotic(seed).graph(), seed)));
    }

    private static void check(Graph graph, long seed) {
        DifferenceCheck.checkNetwork(graph, RandomInputs.FIRST.of(graph, seed), seed);
    }
}
