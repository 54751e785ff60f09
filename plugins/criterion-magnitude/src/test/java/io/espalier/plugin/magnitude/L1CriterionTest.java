package io.espalier.plugin.magnitude;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.espalier.spi.criterion.SliceCriterion;
import io.espalier.testkit.TestingParameterAxis;
import io.espalier.testkit.contract.ValueCriterionContract;
import java.util.Arrays;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class L1CriterionTest extends ValueCriterionContract {

    private static final TestingParameterAxis MATRIX =
            TestingParameterAxis.rows(new float[] {1, -2, 3}, new float[] {-0.5f, 0, 0.25f});

    @Override
    protected SliceCriterion criterion() {
        return new L1Criterion();
    }

    @Override
    protected OptionalDouble degreeOfHomogeneity() {
        return OptionalDouble.of(1);
    }

    @Test
    void sumsAbsoluteWeightsOfARow() {
        assertThat(score(MATRIX)).containsExactly(6, 0.75);
    }

    @Test
    void sumsAbsoluteWeightsOfAColumn() {
        assertThat(score(MATRIX.along(1))).containsExactly(1.5, 2, 3.25);
    }

    @Test
    void accumulatesInDouble() {
        float[] many = new float[1 << 20];
        Arrays.fill(many, 0.1f);
        many[0] = 1 << 24;
        double expected = (1 << 24) + (many.length - 1) * (double) 0.1f;
        assertThat(score(TestingParameterAxis.rows(many))[0]).isEqualTo(expected, within(1e-6));
    }
}
