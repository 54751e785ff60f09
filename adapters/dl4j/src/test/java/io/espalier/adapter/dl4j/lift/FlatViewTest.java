package io.espalier.adapter.dl4j.lift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.espalier.adapter.dl4j.lift.FlatView.Code;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class FlatViewTest {

    @Test
    @DisplayName("A variance that was stored as a logarithm is stored as the same number again")
    void logarithmsStay() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 100_000; i++) {
            double variance = Math.pow(10, random.nextDouble(-12, 6));
            double stored = Code.LOG10_OF_ROOT.encode(variance);
            double read = Code.LOG10_OF_ROOT.decode(stored);
            assertThat(read).isCloseTo(variance, withinPercentage(0.01));
            assertThat(Code.LOG10_OF_ROOT.encode(read)).isEqualTo(stored);
        }
    }

    @Test
    @DisplayName("No variance and no number have logarithms too")
    void edges() {
        assertThat(Code.LOG10_OF_ROOT.decode(Code.LOG10_OF_ROOT.encode(0))).isZero();
        assertThat(Code.LOG10_OF_ROOT.encode(Double.NaN)).isNaN();
    }
}
