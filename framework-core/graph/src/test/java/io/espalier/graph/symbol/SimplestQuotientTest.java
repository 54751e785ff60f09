package io.espalier.graph.symbol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SimplestQuotientTest {

    private static final int LARGEST = 1024;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void noSmallerDenominatorRoundsToTheNumber(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            boolean single = random.nextBoolean();
            int denominator = 1 + random.nextInt(LARGEST);
            double quotient = (random.nextInt(20 * denominator) - 10.0 * denominator) / denominator;
            double exact = random.nextInt(4) == 0 ? random.nextGaussian() : quotient;
            double value = single ? (float) exact : exact;
            Optional<Long> smallest = IntStream.rangeClosed(1, LARGEST)
                    .filter(each -> rounds(each, value, single))
                    .mapToObj(each -> (long) each)
                    .findFirst();
            Optional<Fraction> found = Fraction.of(value, single);
            smallest.ifPresent(
                    each -> assertThat(found.orElseThrow().denominator().constant())
                            .as("seed %d: %s", seed, value)
                            .isEqualTo(each));
            found.ifPresent(each -> assertThat((float) each.toDouble()).isEqualTo((float) value));
        }
    }

    private static boolean rounds(int denominator, double value, boolean single) {
        double quotient = (double) Math.round(value * denominator) / denominator;
        return single ? (float) quotient == (float) value : quotient == value;
    }
}
