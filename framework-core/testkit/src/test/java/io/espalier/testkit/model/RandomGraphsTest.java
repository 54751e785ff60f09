package io.espalier.testkit.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.espalier.spi.graph.Graph;
import io.espalier.testkit.model.RandomGraphs.Generated;
import io.espalier.testkit.model.Truth.Atom;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

final class RandomGraphsTest {

    @TestFactory
    Stream<DynamicTest> plainNetworksAreWellFormedAndTheirTruthIsAPartition() {
        return LongStream.range(0, 200)
                .mapToObj(seed -> dynamicTest("seed " + seed, () -> {
                    Generated generated = RandomGraphs.plain(seed);
                    WellFormed.check(generated.graph());
                    checkPartition(generated.graph(), generated.truth().orElseThrow());
                }));
    }

    @TestFactory
    Stream<DynamicTest> exoticNetworksAreWellFormed() {
        return LongStream.range(0, 100)
                .mapToObj(seed -> dynamicTest("seed " + seed, () -> {
                    Generated generated = RandomGraphs.exotic(seed);
                    WellFormed.check(generated.graph());
                    assertThat(generated.truth()).isEmpty();
                }));
    }

    private static void checkPartition(Graph graph, Truth truth) {
        List<Atom> all = new ArrayList<>(truth.frozen());
        truth.classes().forEach(all::addAll);
        assertThat(all).doesNotHaveDuplicates();
        assertThat(truth.classes()).allSatisfy(atoms -> assertThat(atoms).isNotEmpty());
        assertThat(all)
                .allSatisfy(atom -> assertThat((long) atom.index())
                        .isLessThan(
                                graph.constants().get(atom.constant()).shape().get(atom.axis())));
    }

    @Test
    void mostPlainNetworksHaveSomethingToPrune() {
        long prunable = LongStream.range(0, 200)
                .filter(seed -> !RandomGraphs.plain(seed)
                        .truth()
                        .orElseThrow()
                        .classes()
                        .isEmpty())
                .count();
        assertThat(prunable).isGreaterThan(180);
    }

    @Test
    void sameSeedGivesSameNetwork() {
        Generated first = RandomGraphs.plain(11);
        Generated second = RandomGraphs.plain(11);
        assertThat(first.graph().nodes()).isEqualTo(second.graph().nodes());
        assertThat(first.truth()).isEqualTo(second.truth());
    }

    @Test
    void recipesShrinkToTheStepsThatMatter() {
        Predicate<Generated> fails = generated -> has(generated.graph(), "LayerNormalization");
        Generated failing = first(fails);
        Generated smallest = RandomGraphs.shrink(failing, fails);
        assertThat(has(smallest.graph(), "LayerNormalization")).isTrue();
        assertThat(IntStream.range(0, smallest.recipe().steps().size())
                        .mapToObj(smallest.recipe()::without)
                        .map(RandomGraphs::generate))
                .noneMatch(fails);
    }

    @Test
    void graphsShrinkToTheNodesThatMatter() {
        Predicate<Graph> fails = graph -> has(graph, "LayerNormalization");
        Generated failing = first(generated -> fails.test(generated.graph()));
        Graph smallest = RandomGraphs.shrink(failing.graph(), failing.shapes(), fails);
        WellFormed.check(smallest);
        assertThat(fails.test(smallest)).isTrue();
        assertThat(smallest.nodes())
                .hasSizeLessThan(failing.graph().nodes().size())
                .hasSizeLessThanOrEqualTo(4);
    }

    @Test
    void shrinkingKeepsOtherOutputsOfANodeAlive() {
        Predicate<Graph> fails = graph -> has(graph, "Split") && has(graph, "Concat");
        IntStream.range(0, 60)
                .mapToObj(RandomGraphs::plain)
                .filter(generated -> fails.test(generated.graph()))
                .map(generated -> RandomGraphs.shrink(generated.graph(), generated.shapes(), fails))
                .forEach(WellFormed::check);
    }

    private static Generated first(Predicate<Generated> property) {
        return IntStream.range(0, 500)
                .mapToObj(RandomGraphs::plain)
                .filter(generated -> generated.recipe().steps().size() > 5)
                .filter(property)
                .findFirst()
                .orElseThrow();
    }

    private static boolean has(Graph graph, String operator) {
        return graph.nodes().stream().anyMatch(node -> node.operator().equals(operator));
    }
}
