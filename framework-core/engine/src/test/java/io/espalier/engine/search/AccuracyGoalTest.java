package io.espalier.engine.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.graph.cost.Cost;
import io.espalier.spi.InvalidInputException;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccuracyGoalTest {

    @ParameterizedTest
    @CsvSource({"accuracy=-1, 0.92", "accuracy=-0.5, 0.925", "' Accuracy = -2 ', 0.91", "accuracy=91.5%, 0.915"})
    void whatIsTypedSaysWhatIsKept(String typed, double least) {
        assertThat(AccuracyGoal.parse(typed).least(0.93)).isCloseTo(least, within(1e-11));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "accuracy",
                "accuracy=",
                "accuracy=0.9",
                "accuracy=-1%",
                "accuracy=-0",
                "accuracy=100%",
                "accuracy=-200"
            })
    void whatMakesNoSenseIsAnsweredWithWhatDoes(String typed) {
        assertThat(AccuracyGoal.isMeant(typed)).isTrue();
        assertThatThrownBy(() -> AccuracyGoal.parse(typed))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll(typed, "accuracy=-1", "accuracy=91.5%");
    }

    @Test
    @DisplayName("A loss of exactly what may be lost is no loss too many, whatever the number of examples")
    void exactly() {
        AccuracyGoal goal = AccuracyGoal.parse("accuracy=-1");
        for (int examples = 100; examples <= 10_000; examples += 100) {
            for (int right = examples / 2; right <= examples; right += 7) {
                double original = (double) right / examples;
                assertThat((double) (right - examples / 100) / examples).isGreaterThanOrEqualTo(goal.least(original));
                assertThat((double) (right - examples / 100 - 1) / examples).isLessThan(goal.least(original));
            }
        }
    }

    @Test
    void otherTargetsAreNotMeant() {
        assertThat(AccuracyGoal.isMeant("macs=50%")).isFalse();
    }

    @Test
    @DisplayName("A promise that the examples cannot show is refused with the number that could")
    void tooFewExamples() {
        AccuracyGoal goal = AccuracyGoal.parse("accuracy=-1");

        assertThatThrownBy(() -> goal.requireShownBy(0.93, 200, AccuracyGoal.standardError(0.93, 200)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll(
                        "200 examples", "standard error of 1.85 points", "at least 1861 examples", "3.1 points");
        assertThatCode(() -> goal.requireShownBy(0.93, 1861, AccuracyGoal.standardError(0.93, 1861)))
                .doesNotThrowAnyException();
    }

    @Test
    @DisplayName(
            "A model keeps what it was measured to keep, unless chance alone could hide a loss as large as may be lost")
    void shown() {
        double least = AccuracyGoal.parse("accuracy=-1").least(0.93);

        assertThat(trial(0.925, OptionalDouble.of(0.006)).keeps(0.93, least)).isTrue();
        assertThat(trial(0.925, OptionalDouble.of(0.0062)).keeps(0.93, least)).isFalse();
        assertThat(trial(0.925, OptionalDouble.empty()).keeps(0.93, least)).isTrue();
        assertThat(trial(0.919, OptionalDouble.of(0.001)).keeps(0.93, least)).isFalse();
        assertThat(AccuracyGoal.notShown("accuracy=-1", 0.01, 500, 0.0122))
                .contains("promised on 500 examples", "1.22 points or more", "at least 2014 examples", "2.1 points");
    }

    private static Trial trial(double value, OptionalDouble lossError) {
        return new Trial(500, Optional.of(new Trial.Point(new Cost(1, 1, 1), value, lossError)));
    }

    @Test
    void aGoalAboveTheOriginalIsRefused() {
        assertThatThrownBy(() -> AccuracyGoal.parse("accuracy=95%").requireShownBy(0.93, 10_000, 0.001))
                .hasMessageContaining("the original itself has 93.00 %");
    }

    @Test
    @DisplayName("The standard error is how far measurements on so many examples spread")
    void standardError() {
        SplittableRandom random = new SplittableRandom(11);
        int examples = 500;
        int repeats = 4000;
        double squares = 0;
        for (int repeat = 0; repeat < repeats; repeat++) {
            int right = 0;
            for (int example = 0; example < examples; example++) {
                right += random.nextDouble() < 0.9 ? 1 : 0;
            }
            squares += Math.pow((double) right / examples - 0.9, 2);
        }

        assertThat(AccuracyGoal.standardError(0.9, examples)).isCloseTo(Math.sqrt(squares / repeats), within(0.0006));
        assertThat(AccuracyGoal.standardError(1, examples)).isPositive();
    }
}
