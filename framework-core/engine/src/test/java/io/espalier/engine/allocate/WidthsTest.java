package io.espalier.engine.allocate;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.engine.allocate.Allocation.Selection;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class WidthsTest {

    @TestFactory
    Stream<DynamicTest> widthsOfTheRuntime() {
        return TestingQuestion.seeds(40, question -> {
            int multiple = List.of(1, 4, 8, 16).get(question.random().nextInt(4));
            Widths widths = Widths.auto(0.1).at(multiple);

            Allocation allocation = question.solve(question.random().nextBoolean(), "params=90%", widths);

            for (Selection selection : allocation.selections()) {
                int total = selection.scores().scores().length;
                int block = widths.block(
                        question.network().coupling(), selection.scores().group());
                assertThat(multiple % block).isZero();
                assertThat(block == 1 || block <= total / 4).isTrue();
                assertThat(selection.kept() == total || selection.kept() % block == 0)
                        .isTrue();
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> widthsAreKept() {
        return TestingQuestion.seeds(40, question -> {
            double minKeep = question.random().nextInt(1, 60) / 100.0;
            int roundTo = List.of(1, 2, 3, 4, 8).get(question.random().nextInt(5));
            Widths widths = new Widths(minKeep, roundTo);
            Allocation allocation;
            try {
                allocation = question.solve(question.random().nextBoolean(), "params=70%", widths);
            } catch (UnreachableTargetException e) {
                assertThat(e).hasMessageContaining("--min-keep").hasMessageContaining("remain");
                return;
            }

            for (Selection selection : allocation.selections()) {
                int total = selection.scores().scores().length;
                int block = widths.block(
                        question.network().coupling(), selection.scores().group());
                assertThat(roundTo % block).isZero();
                assertThat(selection.kept()).isGreaterThanOrEqualTo(1);
                assertThat((double) selection.kept()).isGreaterThanOrEqualTo(minKeep * total - 1e-9);
                assertThat(selection.kept() == total || selection.kept() % block == 0)
                        .isTrue();
            }
        });
    }
}
