package io.espalier.plugin.magnitude;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.espalier.spi.InvalidInputException;
import io.espalier.spi.criterion.SliceCriterion;
import io.espalier.spi.option.Options;
import io.espalier.testkit.TestingParameterAxis;
import io.espalier.testkit.TestingRunContext;
import io.espalier.testkit.TestingScoringContext;
import io.espalier.testkit.contract.ValueCriterionContract;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class LpCriterionTest extends ValueCriterionContract {

    private static final TestingParameterAxis MATRIX =
            TestingParameterAxis.rows(new float[] {4, -9}, new float[] {-0.25f, 1});

    @Override
    protected SliceCriterion criterion() {
        return new LpCriterion();
    }

    @Override
    protected OptionalDouble degreeOfHomogeneity() {
        return OptionalDouble.of(1.5);
    }

    @Test
    void defaultPowerIsOneAndAHalf() {
        assertThat(score(MATRIX)).containsExactly(8 + 27, 0.125 + 1);
    }

    @Test
    void powerIsAnOption() {
        assertThat(score(MATRIX, "0.5")).containsExactly(2 + 3, 0.5 + 1);
        assertThat(score(MATRIX, "3")).containsExactly(64 + 729, 0.015625 + 1);
    }

    @Test
    void powersOneAndTwoAreL1AndL2() {
        TestingScoringContext context = new TestingScoringContext(new TestingRunContext(0), Options.none());
        double[] l1 = new L1Criterion().score(MATRIX, context);
        double[] l2 = new L2Criterion().score(MATRIX, context);
        for (int row = 0; row < 2; row++) {
            assertThat(score(MATRIX, "1")[row]).isEqualTo(l1[row], within(1e-12));
            assertThat(score(MATRIX, "2")[row]).isEqualTo(l2[row], within(1e-12));
        }
    }

    @Test
    void powerZeroAndPowersAboveTenAreRefused() {
        assertThatThrownBy(() -> score(MATRIX, "0"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'p'");
        assertThatThrownBy(() -> score(MATRIX, "10.5")).isInstanceOf(InvalidInputException.class);
    }

    private static double[] score(TestingParameterAxis axis, String power) {
        LpCriterion lp = new LpCriterion();
        Options options = Options.resolve("criterion 'lp'", lp.options(), Map.of("p", power));
        return lp.score(axis, new TestingScoringContext(new TestingRunContext(0), options));
    }
}
