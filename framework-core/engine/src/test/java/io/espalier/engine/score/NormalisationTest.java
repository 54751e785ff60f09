package io.espalier.engine.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class NormalisationTest {

    /** Scores of either sign may add up to anything; which channel of a group is the least important does not change. */
    @ParameterizedTest
    @EnumSource(Normalisation.class)
    void theOrderWithinAGroupRemains(Normalisation normalisation) {
        for (long seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            double lowest = -random.nextDouble();
            double[] scores = random.doubles(9, lowest, 1).toArray();
            assertThat(order(normalisation.of(scores)))
                    .as("%s, seed %d", normalisation, seed)
                    .isEqualTo(order(scores));
        }
    }

    private static int[] order(double... scores) {
        return IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble(channel -> scores[channel]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    @ParameterizedTest
    @EnumSource(
            value = Normalisation.class,
            names = {"SUM", "MEAN", "MAX"})
    void scoresThatAreNotBelowZeroAreDividedByTheirOwn(Normalisation normalisation) {
        double[] scores = {3, 0, 5};
        double divisor = switch (normalisation) {
            case SUM -> 8;
            case MEAN -> 8.0 / 3;
            default -> 5;
        };
        assertThat(normalisation.of(scores))
                .containsExactly(
                        Arrays.stream(scores).map(each -> each / divisor).toArray(), within(1e-12));
    }
}
