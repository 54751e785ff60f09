package io.espalier.engine.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntToDoubleFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BudgetSearchTest {

    private static final double LEAST = TestingCurve.ORIGINAL - 0.01;
    private static final int MOST = 40;

    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    private static List<Trial> searched(TestingCurve curve, BudgetSearch search, List<Trial> before) {
        List<Trial> trials = new ArrayList<>(before);
        for (OptionalInt next = search.next(trials); next.isPresent(); next = search.next(trials)) {
            assertThat(trials).hasSizeLessThan(MOST);
            trials.add(curve.trial(next.getAsInt()));
        }
        return trials;
    }

    private static BudgetSearch search(IntToDoubleFunction importance) {
        return new BudgetSearch(TestingCurve.ORIGINAL, LEAST, importance, BudgetSearchTest::remaining);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    @DisplayName("On a falling curve the smallest budget is found, as closely as budgets are told apart")
    void falling(long seed) {
        TestingCurve curve = new TestingCurve(seed, 0);
        BudgetSearch search = search(curve::removed);

        List<Trial> trials = searched(curve, search, List.of());

        int smallest = curve.smallest(LEAST);
        int found = search.best(trials).map(Trial::budget).orElse(Trial.WHOLE);
        assertThat(found).isBetween(smallest, smallest + BudgetSearch.RESOLUTION);
        assertThat(trials).extracting(Trial::budget).doesNotHaveDuplicates();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    @DisplayName("With noise, and importance that says nothing, the search ends at a budget that keeps the value")
    void noisy(long seed) {
        TestingCurve curve = new TestingCurve(seed, 0.004);
        BudgetSearch search = search(budget -> budget % 7 == 0 ? 1 : 0);

        List<Trial> trials = searched(curve, search, List.of());

        assertThat(trials.size()).isLessThanOrEqualTo(20);
        search.best(trials)
                .ifPresent(
                        best -> assertThat(best.point().orElseThrow().value()).isGreaterThanOrEqualTo(LEAST));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    @DisplayName("A search that was interrupted after any trial goes on as if it had not been")
    void interrupted(long seed) {
        TestingCurve curve = new TestingCurve(seed, 0.004);
        List<Trial> whole = searched(curve, search(curve::removed), List.of());

        for (int made = 0; made < whole.size(); made++) {
            assertThat(searched(curve, search(curve::removed), whole.subList(0, made)))
                    .isEqualTo(whole);
        }
    }

    private static int remaining(Trial trial) {
        return (int) trial.point().orElseThrow().cost().macs();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    @DisplayName("Budgets that give the same model are not tried twice")
    void coarse(long seed) {
        TestingCurve curve = new TestingCurve(seed, 0);
        BudgetSearch search = search(curve::removed);
        List<Trial> trials = new ArrayList<>();

        for (OptionalInt next = search.next(trials); next.isPresent(); next = search.next(trials)) {
            trials.add(curve.trial(next.getAsInt(), 50));
        }

        assertThat(trials.stream().flatMap(trial -> trial.point().stream()).filter(point -> point.value() >= LEAST))
                .doesNotHaveDuplicates();
        assertThat(trials.size()).isLessThan(20);
    }

    @Test
    @DisplayName("Importance that tells where the value falls takes fewer trials than halving")
    void importanceHelps() {
        double informed = seeds().mapToInt(seed -> trials(seed, true)).average().orElseThrow();
        double halving = seeds().mapToInt(seed -> trials(seed, false)).average().orElseThrow();

        assertThat(informed).isLessThan(halving);
    }

    private static int trials(long seed, boolean isInformed) {
        TestingCurve curve = new TestingCurve(seed, 0);
        IntToDoubleFunction none = budget -> budget == Trial.WHOLE ? 0 : 1;
        return searched(curve, search(isInformed ? curve::removed : none), List.of())
                .size();
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    @DisplayName("The curve is filled where it is sparse until it is not")
    void curve(long seed) {
        TestingCurve curve = new TestingCurve(seed, 0);
        BudgetSearch search = search(curve::removed);
        List<Trial> trials = searched(curve, search, List.of());

        OptionalInt between = search.between(trials);
        while (between.isPresent()) {
            trials.add(curve.trial(between.getAsInt()));
            between = search.between(trials);
        }

        assertThat(trials).extracting(Trial::budget).doesNotHaveDuplicates();
        assertThat(search.next(trials)).isEmpty();
    }
}
