package io.espalier.plugin.magnitude;

import static org.assertj.core.api.Assertions.assertThat;

import io.espalier.spi.criterion.SliceCriterion;
import io.espalier.testkit.TestingParameterAxis;
import io.espalier.testkit.contract.ValueCriterionContract;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class L2CriterionTest extends ValueCriterionContract {

    private static final TestingParameterAxis MATRIX =
            TestingParameterAxis.rows(new float[] {1, -2, 3}, new float[] {-0.5f, 0, 0.25f});

    @Override
    protected SliceCriterion criterion() {
        return new L2Criterion();
    }

    @Override
    protected OptionalDouble degreeOfHomogeneity() {
        return OptionalDouble.of(2);
    }

    @Test
    void sumsSquaresWithoutARoot() {
        assertThat(score(MATRIX)).containsExactly(14, 0.3125);
        assertThat(score(MATRIX.along(1))).containsExactly(1.25, 4, 9.0625);
    }
}
