package io.espalier.engine.score;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.espalier.spi.InvalidInputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SignalTest {

    private static final int SEEDS = 200;

    private static void require(List<double[]> scores) {
        Signal.require(new TestingCriterion(), scores);
    }

    /** Groups of random sizes, the first of at least two channels, whose channels all have the score of their group. */
    private static List<double[]> level(Random random, boolean zero) {
        List<double[]> groups = new ArrayList<>();
        int count = 1 + random.nextInt(5);
        for (int group = 0; group < count; group++) {
            double[] scores = new double[(group == 0 ? 2 : 1) + random.nextInt(9)];
            Arrays.fill(scores, zero ? 0 : 1 + random.nextDouble());
            groups.add(scores);
        }
        return groups;
    }

    @Test
    void scoresThatAreEqualWithinEveryGroupAreRefused() {
        for (int seed = 0; seed < SEEDS; seed++) {
            List<double[]> equal = level(new Random(seed), false);
            List<double[]> zero = level(new Random(seed), true);

            assertThatThrownBy(() -> require(equal))
                    .as("seed %d", seed)
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("'testing-l1' does not say which channels to remove:"
                            + " all channels of a group score the same, in every group");
            assertThatThrownBy(() -> require(zero))
                    .as("seed %d", seed)
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("every channel scores 0");
        }
    }

    @Test
    void oneScoreThatDiffersIsEnough() {
        for (int seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            List<double[]> scores = level(random, random.nextBoolean());
            double[] first = scores.get(0);
            first[random.nextInt(first.length)] += random.nextBoolean() ? 1e-9 : -1;

            assertThatCode(() -> require(scores)).as("seed %d", seed).doesNotThrowAnyException();
        }
    }

    @Test
    void groupsOfOneChannelLeaveNothingToSay() {
        assertThatCode(() -> require(List.of())).doesNotThrowAnyException();
        assertThatCode(() -> require(List.of(new double[] {0}, new double[] {3})))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> require(List.of(new double[] {1}, new double[] {3, 3})))
                .isInstanceOf(InvalidInputException.class);
    }
}
