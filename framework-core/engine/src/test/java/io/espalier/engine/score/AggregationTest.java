package io.espalier.engine.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.spi.InvalidInputException;
import org.junit.jupiter.api.Test;

class AggregationTest {

    private static final double[] SCORES = {0.5, 4, 3};

    @Test
    void aggregatesAsNamed() {
        assertThat(Aggregation.of("sum").of(SCORES)).isEqualTo(7.5);
        assertThat(Aggregation.of("mean").of(SCORES)).isEqualTo(2.5);
        assertThat(Aggregation.of("max").of(SCORES)).isEqualTo(4);
        assertThat(Aggregation.of("product").of(SCORES)).isEqualTo(6);
    }

    @Test
    void aChannelWithoutScoresScoresNothing() {
        assertThat(Aggregation.values())
                .allSatisfy(each -> assertThat(each.of(new double[0])).isZero());
    }

    @Test
    void normalisesAsNamed() {
        double[] scores = {2, 6, 4};
        assertThat(Normalisation.of("sum").of(scores)).containsExactly(2 / 12.0, 6 / 12.0, 4 / 12.0);
        assertThat(Normalisation.of("none").of(scores)).containsExactly(2, 6, 4);
        assertThat(Normalisation.of("mean").of(scores)).containsExactly(0.5, 1.5, 1);
        assertThat(Normalisation.of("max").of(scores)).containsExactly(2 / 6.0, 1, 4 / 6.0);
        assertThat(Normalisation.of("min-max").of(scores)).containsExactly(0, 1, 0.5);
        double deviation = Math.sqrt((4 + 4 + 0) / 3.0);
        assertThat(Normalisation.of("standard").of(scores))
                .containsExactly(new double[] {-2 / deviation, 2 / deviation, 0}, within(1e-15));
    }

    @Test
    void groupsWithoutAnyDifferenceStayFinite() {
        for (Normalisation each : Normalisation.values()) {
            assertThat(each.of(new double[] {0, 0})).as("%s", each).containsExactly(0, 0);
        }
        assertThat(Normalisation.MIN_MAX.of(new double[] {3, 3})).containsExactly(0, 0);
        assertThat(Normalisation.STANDARD.of(new double[] {3, 3})).containsExactly(0, 0);
    }

    @Test
    void unknownNamesAreAnsweredWithTheKnownOnes() {
        assertThatThrownBy(() -> Aggregation.of("median"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("There is no aggregation 'median'; available: sum, mean, max, product.");
        assertThatThrownBy(() -> Normalisation.of("gauss"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("There is no normalisation 'gauss'; available: sum, none, mean, max, min-max, standard.");
    }
}
