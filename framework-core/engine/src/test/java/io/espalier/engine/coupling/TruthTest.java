package io.espalier.engine.coupling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.espalier.engine.verify.TestingPruning;
import io.espalier.testkit.model.RandomGraphs;
import io.espalier.testkit.model.RandomGraphs.Generated;
import io.espalier.testkit.model.Truth;
import io.espalier.testkit.model.Truth.Atom;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The classes found are those that the generator of random graphs knows, no more and no less.
 *
 * <p>The system property {@code espalier.randomGraphs} says how many graphs are tried.
 */
final class TruthTest {

    private static final long RANDOM_GRAPHS = Long.getLong("espalier.randomGraphs", 150);

    @TestFactory
    Stream<DynamicTest> classesAreTheTrueOnes() {
        return LongStream.range(0, RANDOM_GRAPHS)
                .mapToObj(seed -> dynamicTest("seed " + seed, () -> check(RandomGraphs.plain(seed))));
    }

    private static void check(Generated generated) {
        if (!problem(generated).isEmpty()) {
            Generated smallest =
                    RandomGraphs.shrink(generated, smaller -> !problem(smaller).isEmpty());
            throw new AssertionError(problem(smallest) + "\n" + smallest.recipe() + "\n"
                    + smallest.graph().nodes().stream().map(Object::toString).collect(Collectors.joining("\n")));
        }
    }

    /** What differs from the truth, empty when nothing does; indices the analysis does not label always stay. */
    private static String problem(Generated generated) {
        Truth truth = generated.truth().orElseThrow();
        TestingAtoms found = TestingAtoms.of(TestingPruning.of(generated.graph()));
        Set<Set<Atom>> classes = new LinkedHashSet<>(truth.classes());
        return difference("classes not found", classes, found.classes())
                + difference("classes that are none", found.classes(), classes)
                + difference("frozen although they can go", found.frozen(), truth.frozen());
    }

    private static <T> String difference(String what, Set<T> all, Set<T> without) {
        Set<T> left = new LinkedHashSet<>(all);
        left.removeAll(without);
        return left.isEmpty() ? "" : what + ": " + left + "\n";
    }

    @Test
    void mostGraphsHaveClasses() {
        long classes = LongStream.range(0, 20)
                .map(seed -> TestingAtoms.of(
                                TestingPruning.of(RandomGraphs.plain(seed).graph()))
                        .classes()
                        .size())
                .sum();
        assertThat(classes).isGreaterThan(100);
    }
}
